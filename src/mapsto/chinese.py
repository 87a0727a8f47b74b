"""The sentences of reports and pictures in Simplified Chinese, by the same codes."""

GAP = ""
STOP = "。"

ANSWERS = {
    "best": (
        "用{columns}预测{target}，由 {rows} 行数据学得。最准确的是{rung}：在未见过的"
        "行上{score_name}为 {score} ± {error}（{also}）；常数为 {constant}。"
    ),
    "groups-found": (
        "由 {rows} 行数据的 {columns} 列找到 {groups} 个组。由{family}找到：{words}。"
    ),
    "groups-again": (
        "在另一半的行上它们再次出现，一致程度为 {agreement}（1 为相同的组，0 为偶然）。"
    ),
    "groups-none": "在 {rows} 行数据的 {columns} 列中没有组。",
    "corrected": "它正是按这一分数选出的，校正后预计为 {corrected}。",
    "monotone": "对每一对行、在每一个函数中都成立：{target}{ways}。{left_out}",
    "rises": "随 {columns} 上升",
    "falls": "随 {columns} 下降",
    "and": "，",
    "the-probability": "{label}的概率",
    "monotone-left-out": "无法如此约束而略去的：{rungs}。",
    "costs-threshold": (
        "{label}的概率超过 {threshold} % 时就说{label}，因为漏掉一个{label}的代价是 {miss}，"
        "误报一个是 {false}："
    ),
    "costs-least": "它说出预期代价最小的类别：",
    "costs-saved": "在未见过的行上每行 {cost}；若总说最可能的类别则为 {other}。",
    "simplest-is-best": "够用的最简函数：就是{rung}。",
    "simplest-gain": "够用的最简函数：{rung}，保留了相对常数所得改进的 {share} %。",
    "simplest-error": (
        "够用的最简函数：{rung}，与最佳之差在一个标准误之内（保留了改进的 {share} %）。"
    ),
    "structure-worse": (
        "所声明结构的代价：组合函数的{score_name}比自由的{rung}差 {percent} % ± {error} %。"
    ),
    "structure-better": (
        "所声明的结构没有代价：组合函数的{score_name}比自由的{rung}好 {percent} % ± "
        "{error} %。"
    ),
    "coverage-interval": (
        "要求区间包含 {asked} % 的新数据，实测包含了未见过的行的 {measured} %；平均宽度"
        "为 {size}。"
    ),
    "coverage-set": (
        "要求预测集合包含 {asked} % 的新数据，实测包含了未见过的行的 {measured} %；平均"
        "有 {size} 个类别。"
    ),
    "accuracy": "准确率 {percent} %",
    "one-column": "一列",
    "columns": " {count} 列",
}

VERDICTS: dict[str, tuple[str, str, str]] = {
    "nothing-learned": (
        "没有学到东西",
        "最好的一级是{rung}，在新数据上得分 {score}，常数为 {constant}，差别不超出偶然。",
        "这些列也许不能说明目标，或者行数太少。请寻找应当有关的列。",
    ),
    "line-is-all": (
        "直线就够了",
        "直线在新数据上得分 {line}，最好的弯曲函数{rung}为 {score}，差别在一个标准误之内。",
        "用直线：更简单，也一样好。",
    ),
    "underfitting": (
        "函数过于简单",
        "{rung}在新数据上的误差，其方差至少有 {percent} % 不是偶然，各列仍能说明它。",
        "往上爬：增加级数，或提高计算量。",
    ),
    "fits-past-better": (
        "最好的函数对过去比对未来更熟",
        "{rung}在训练过的行上得分 {train}，在新行上得分 {score}：误差的 {percent} % 只出现"
        "在新行上。",
        "请相信新行上的分数和区间，而不是拟合。更多的行会有帮助。",
    ),
    "overfitting": (
        "更大的函数过拟合",
        "{rung}在训练行上得分 {train}，在新行上得分 {score}；下面的{best}为 {best_train} 和 "
        "{best_score}。",
        "留在{best}；若要用{rung}，需要更多的行或更硬的设置。",
    ),
    "parts-share": (
        "共用输入的部分",
        "数据不能确定什么属于这些部分中的哪一个：{pairs}。",
        "预测没有疑问，有疑问的是各部分。请把每一列只交给一个部分。",
    ),
    "parts-bent": (
        "透过另一部分看到的部分",
        "数据只说明它们取值的顺序，因为如何弯曲可以属于任何一方：{pairs}。",
        "请把它们当作名次来读，或者让外面的部分是直线。",
    ),
    "few-rows": (
        "行数少",
        "{rows} 行数据，直线就有 {parameters} 个参数。",
        "区间会宽，阶梯的次序可能随种子改变；大约 {least} 行才能定下来。",
    ),
    "groups-none": (
        "这里没有组",
        "没有哪个组数既能在另一半的行上再次出现（强度最高为 {strength}；要求 0.8），又比把"
        "一堆数据切成同样多块分得更开。",
        "各行之间只有程度之别：地图或排名也许比分组更合适。--groups 3 仍会把它们切开。",
    ),
    "groups-one-column": (
        "这些组就是一列的各个取值",
        "单凭{column}就能说出一行属于哪个组的 {percent} %。",
        "如果这并不新鲜，请去掉这一列再看。",
    ),
    "groups-unstable": (
        "有些组没有再次出现",
        "在其他的行上，找到的组与第 {groups} 组共有的行不到 0.6（最少为 {least}）。",
        "不要以它们为依据；更少的组或更多的行也许能定下来。",
    ),
    "groups-given": (
        "组数是要求的，而不是找到的",
        "{groups} 个组中有两个之间的边界，长度是把一堆数据从那里切开时的 {percent} %。",
        "请把它们当作没有间隙之物的分段，或者让数据说明有多少组。",
    ),
}

ROLES = {
    "summand": "均值 0",
    "factor": "均方根 1",
    "argument": "标准化",
    "carrier": "带单位",
    "trained": "按训练所得",
}

REPORT: dict[str, str] = {
    # ── the page ──
    "subtitle": "{columns}的函数，由 {rows} 行数据学得",
    "theme": "浅色或深色",
    "skip": "跳到函数",
    "numbers": "数值",
    "x": "数据",
    "f": "函数",
    "y": "结果",
    "ladder": "函数阶梯",
    "ladder-note": (
        "每一级在未见过的行上的{score}及其标准误；空心圆是训练行上的同一分数，阴影是死记"
        "硬背的部分。{lower}"
    ),
    "lower": "越低越好。",
    "columns": "每一列的作用",
    "columns-note": (
        "条形：在函数未见过的 {rows} 行中打乱某一列时{score}上升多少，附标准误。若两列说的"
        "是同一件事，各自看起来都可有可无。"
    ),
    "effects-note": (
        "曲线：把某一列设为某个值、其余不变时，在典型的行上的平均预测。色带包含单行曲线的"
        "中间 80 %；底部灰条表示数据在哪里，没有数据之处曲线只是猜测。各图纵轴刻度相同。"
    ),
    "composed": "它由哪些部分组成",
    "composed-note": (
        "每个部分沿其各列的平均值（在典型的行上），色带为 90 %，来自各折函数的差异。重要"
        "性：把该部分固定在其均值时预测移动多少，以预测的标准差计。范围：在学习所用的行上。"
    ),
    "part-part": "部分",
    "part-family": "函数族",
    "part-importance": "重要性",
    "part-range": "范围",
    "part-convention": "约定",
    "effects-exact": (
        "只有一列时，曲线就是函数本身。色带是 90 % 区间，圆点是数据行，底部灰条表示数据在"
        "哪里。"
    ),
    "lift-note": "同一平面画成曲面：可以从平面升起，拖动或用方向键转动。",
    "surface-exact": "只有两列时，这幅图就是函数本身。",
    "surface-note": (
        "把{first}与{second}设为平面上的每一处，在典型的行上取平均预测：这是最重要的两个"
        "数值列。"
    ),
    "network": "神经网络内部",
    "network-note": (
        "取平均的 {members} 个网络之一，只画权重最大的神经元。线越粗权重越大，两种颜色表示"
        "正负。以多个输入进入的列画成一个。"
    ),
    "training-note": "用内部验证行评判的那次训练，逐轮的损失。阴影是死记硬背的部分。",
    "final-note": "训练行上的损失，逐轮。",
    "verdicts": "判断",
    "verdicts-none": "没有需要注意的地方。",
    "errors": "错在哪里",
    "residuals-note": (
        "{rows} 行未见过的数据中 {shown} 行的真值减预测，沿预测排列。线是平均，色带是一个"
        "标准差；平均偏离零，就是函数还没有学到的部分。"
    ),
    "confusion-note": (
        "函数未见过的行：纵向是真实类别，横向是预测类别；深浅是占该真实类别的比例。"
    ),
    "confusion-some": "只画 {classes} 个类别中最常见的 {shown} 个。",
    "worst": "错得最多",
    "closest": "最接近",
    "rows-note": "行号从 1 起，只数目标已知的行。模型文件不保存数据行，请到原表中查看。",
    "trust": "可信到什么程度",
    "coverage-note": (
        "要求区间包含这么多的行，实际包含了多少未见过的行。落在对角线上，承诺就兑现了。"
    ),
    "groups-note": "要求 90 %，分组来看：",
    "reliability-note": (
        "说出某一概率的行中有多少成真：未见过的行分组统计，附 90 % 区间。落在对角线上，概率"
        "就名副其实。"
    ),
    "typical": "本模型的一个低、一个中、一个高的预测，各带 90 % 区间：",
    "parts": "参数与超参数",
    "parameters": "参数：由训练算出",
    "hyperparameters": "超参数：人为给定，或在留出的行上选定",
    "hyperparameters-note": "标有 * 的是给定的，其余是选出来的。",
    "formula-note": "{rung}，以目标的单位写出，最大的项在前。",
    "capacity-note": "参数更多，换来了什么：各级按大小排列。",
    "again": "如何重现",
    "again-note": (
        "数据、种子、版本、处理器和线程数相同，模型就逐位相同；给定过的权重、类型、代价和验证方式须再次"
        "给出。留出行的方式：{validation}。"
    ),
    "fingerprint": "数据表的指纹：{fingerprint}",
    "footer": "由 mapsto {version} 写成。本页不需要网络。",
    "aside": "搁置的列：{columns}。",
    # ── words in tables ──
    "rung": "级",
    "train": "训练行",
    "count": "参数个数",
    "time": "用时",
    "column": "列",
    "kind": "类型",
    "seen": "见过的值",
    "missing": "有缺失",
    "rise": "{score}的上升",
    "error": "标准误",
    "spread": "标准差",
    "value": "值",
    "prediction": "预测",
    "truth": "真值",
    "truth-minus": "真值 − 预测",
    "row": "行",
    "told": "所说",
    "happened": "实际",
    "asked": "要求",
    "measured": "实测",
    "rows": "行数",
    "group": "组",
    "dial": "旋钮",
    "best": "最佳",
    "simplest": "够用的最简",
    "from-to": "{low} 到 {high}",
    "probability": "{label}的概率",
    "probability-told": "所说类别的概率",
    "epoch": "轮",
    "training": "训练",
    "validation": "验证",
    "low": "下限",
    "high": "上限",
    "fresh": "未见过的行",
    "right": "正确，未见过的行",
    "big-score": "{score} ± {error}，未见过的行",
    "kind-number": "数值",
    "kind-boolean": "是或否",
    "kind-category": "类别",
    "kind-date": "日期",
    "kind-short text": "短文本",
    "kind-picture": "图片",
    "kind-long text": "长文本",
    "kind-identifier": "标识",
    "kind-constant": "常量",
    # ── findings ──
    "find-ladder": (
        "{count} 级之中，{best}的{score}最低，为 {value} ± {error}；{simplest}是够用的最简"
        "函数。"
    ),
    "find-curve": (
        "{column}从 {low} 到 {high}，{target}从 {first} 到 {last}；在 {at_least} 处最小，为 "
        "{least}，在 {at_most} 处最大，为 {most}。"
    ),
    "find-levels": (
        "{column}为{at_most}时{target}最大，为 {most}；为{at_least}时最小，为 {least}。"
    ),
    "find-flat": "{target}不随{column}变化。",
    "find-field": (
        "{target}在{first} {x_least}、{second} {y_least} 附近最小，为 {least}；在 {x_most}、"
        "{y_most} 附近最大，为 {most}。"
    ),
    "find-classes": (
        "在{first}与{second}的平面上，{classes} 个类别中有 {shown} 个在某处最为可能。"
    ),
    "find-importance": "{column}最重要：打乱它，{score}上升 {rise} ± {error}。",
    "find-no-importance": "打乱任何一列，都看不出变化。",
    "find-loss": (
        "{epochs} 轮之后，训练行上的损失为 {training}，验证行上为 {validation}，相差 {gap}。"
    ),
    "find-final": "{epochs} 轮之后，训练行上的损失为 {training}。",
    "find-network": "从各列到答案，每层 {sizes} 个神经元的网络。",
    "find-target": "{target}从 {low} 到 {high}，多在 {most} 附近。",
    "find-labels": "最常见的类别是{label}，{rows} 行中有 {count} 行。",
    "find-residuals": "一半的误差在 {low} 与 {high} 之间；平均误差为 {mean}。",
    "find-confusion": "{rows} 行未见过的数据中，{right} 行说对了类别。",
    "find-confused": "最常见的错误：把{truth}当作{told}，{count} 次。",
    "find-coverage": "要求包含 {asked}，区间包含了 {measured}。",
    "find-reliability": "说 {told} 的地方，成真 {share}：{bins} 组中差距最大的一组。",
    "find-interval": "{value}，在 {low} 与 {high} 之间。",
    "find-capacity": "新行上最小的误差是 {score}，属于有 {count} 个参数的{rung}。",
    "find-activation": "激活函数 {name}，它弯曲每个神经元的加权和。",
}

VIEWS: dict[str, str] = {
    "view-simplest": "够用的最简",
    "view-train": "训练行：",
    "view-missing": "（缺失）",
    "view-probe": "沿{column}读函数",
    "view-arrows": "用方向键移动",
    "view-epoch": "轮",
    "view-training": "训练",
    "view-validation": "验证",
    "view-fresh": "新行",
    "view-fewer": "收起",
    "view-all": "显示全部 {count} 列",
    "view-of": "{all} 中的 {shown}",
    "view-smaller": "…… 以及 {count} 个更小的项",
    "view-lift": "升起",
    "view-turn": "转动",
}

FAMILIES: dict[str, str] = {
    "constant": "常数",
    "line": "直线",
    "formula": "公式",
    "curve": "曲线",
    "steps": "阶梯函数",
    "space": "空间",
    "composition": "组合函数",
    "network": "神经网络",
    "image": "图像网络",
    "blend": "混合",
}

SCORES: dict[str, str] = {
    "rmse": "均方根误差",
    "mae": "平均绝对误差",
    "log_loss": "对数损失",
    "brier": "布里尔分数",
    "error_rate": "错误率",
}
