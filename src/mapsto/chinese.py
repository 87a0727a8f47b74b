"""The sentences of reports and pictures in Simplified Chinese, by the same codes."""

GAP = ""
STOP = "。"

LEVELS = {"no": "否", "yes": "是", "missing": "缺失"}

DOOR = {
    "numbers": "数值",
    "dates": "日期",
    "booleans": "是或否",
    "day first": "先日后月",
    "month first": "先月后日",
}

HELD_OUT = {
    "folds": "{how}的 {folds} 折",
    "fifth": "留出五分之一的行，{how}",
}

DEALT = {
    "forward": "按{column}在时间上向前",
    "together": "让每个{column}留在同一折",
    "by-column": "按{column}分层",
    "by-target": "按目标分层",
    "twins-by-column": "按{column}分层、近似重复的放在一起",
    "twins-by-target": "按目标分层、近似重复的放在一起",
    "splitter": "由 {splitter} 划分",
}

PAIRS = {
    "share": "{first}与{second}：{columns}",
    "bent": "{outer}里的{inner}",
}

GROUPINGS = {
    "kmeans": "归入 {groups} 个中心里最近的一个",
    "mixture": "{groups} 堆，各有自己的散布（{shape}）",
    "spectral": "近邻图的 {groups} 个部分，由 {landmarks} 个地标说出",
    "network": "在神经网络把一行变成的 {code} 个数中的 {groups} 个组",
    "density": "{groups} 个各有至少 {smallest} 行的稠密区域（{stray} % 的行游离在外）",
}

NOTICES: dict[str, str] = {
    # ── data/: the door ──
    "numbers-as-text": "{column} 列的数值写成了文本，例如 {example}：读作 {value}。",
    "clock-as-hours": "{column} 列是时刻，例如 {example}：读作小时数 {value}。",
    "values-unreadable": (
        "{column} 列读作{expected}；有 {count} 个值读不成，例如第 {row} 行的 {example}，"
        "当作缺失。"
    ),
    "infinities": (
        "{column} 列有 {count} 个值是无穷大或超过 1e50，第一个在第 {row} 行：当作缺失。"
    ),
    "dates-ambiguous": (
        "{column} 列的日期（例如 {example}）分不清日和月：读作{order}。写成 2020-12-31 就不会"
        "错。"
    ),
    "dates-as-numbers": "{column} 列的日期写成了数字，例如 {example}：读作 {value}。",
    "codes-as-category": (
        "{column} 列是代码，例如 {example}：读作名称，而不是数量。"
        'kinds={{{column}: "number"}} 可以改变这一点。'
    ),
    "identifier-aside": "搁置，因为只是行的名称，不能说明将来的行：{columns}。",
    "constant-aside": "搁置，因为每一行都相同：{columns}。",
    "empty-aside": "搁置，因为是空的：{columns}。",
    "classes-as-integers": (
        "目标 {target} 有 {classes} 个不同的整数：当作类别。"
        'task="regression" 把它们当作数量。'
    ),
    "integers-as-quantity": (
        '目标 {target} 是整数：当作数量。task="classification" 把它们当作类别。'
    ),
    "rows-drawn": "数据表有 {total} 行；随机抽取其中的 {rows} 行来学习。",
    # ── pictures ──
    "pictures-skipped": "有 {count} 张图片读不了，已略去：{listed}。",
    "pictures-skipped-one": "有一张图片读不了，已略去：{listed}。",
    "pictures-missing": "有 {count} 行在 {column} 列没有写明图片：已略去。",
    "pictures-missing-one": "有一行在 {column} 列没有写明图片：已略去。",
    "pictures-loose": (
        "有 {count} 张图片就放在 {path} 里，在各类别的文件夹旁边：它们的类别不明，不从中学习。"
    ),
    "pictures-loose-one": (
        "有一张图片就放在 {path} 里，在各类别的文件夹旁边：它的类别不明，不从中学习。"
    ),
    "folders-empty": "文件夹 {folders} 中没有图片：它们不是类别。",
    "pictures-drawn": "共有 {total} 张图片；随机抽取其中的 {rows} 张来学习。",
    "pictures-held-out": (
        "从这么多像素学习要很久，所以每个函数只学一次，在未见过的行上评判：{how}。若要求更多"
        "的折，就在所有的行上评判，用时也成倍增加。"
    ),
    "pictures-twins": (
        "有 {count} 张图片与另一张几乎相同，例如 {pairs}：划分时它们总在同一边。"
    ),
    "pictures-twins-one": (
        "有一张图片与另一张几乎相同，{pairs}：划分时它们总在同一边。"
    ),
    "backbone": (
        "图片先由 {file} 来看：每张 {height} × {width} 像素，得到 {features} 个特征（像素：{pixels}）。"
    ),
    "pictures-torn": (
        "这些近似重复的组中，有 {count} 组含有不同类别的图片。请看一看：至少有一张的类别"
        "错了。"
    ),
    "pictures-torn-one": (
        "这些近似重复的组中，有一组含有不同类别的图片。请看一看：至少有一张的类别错了。"
    ),
    "image-sees-first": "图像网络只看 {column} 列的图片；其他各级看所有的图片。",
    # ── estimators: the scikit-learn face ──
    "classes-of-few-rows": (
        "一个类别要有 {least} 行才能评判；以下类别的概率就是它们所占的比例，与各列无关："
        "{classes}。"
    ),
    # ── structures of named parts ──
    "columns-in-no-part": "组合函数没有用到：{columns}。其他各级会学习它们。",
    # ── groups ──
    "groups-sampled": (
        "分组由随机抽取的 {rows} 行学得；学到的函数再说出全部 {total} 行属于哪一组。"
    ),
    "groups-labels-hidden": "只在图片中寻找分组：不看文件夹的名字或类别。",
    "groups-one-unit": ("这些数值的范围相近，所以当作同一单位：变化大的列分量更重。"),
    "groups-not-found": "它在这里找不到 {groups} 个有一定大小的组。",
    # ── the climb ──
    "rung-stopped": "没有做完就停下了：保留下面的各级。",
    "rungs-no-pictures": "略去，因为它们不看图片，而又没有其他的列：{rungs}。",
    "rungs-behind-backbone": (
        "略去，因为 {file} 已代它们看图片，或因为它给出的特征单独没有意义：{rungs}。"
    ),
    "rung-not-monotone": "略去：它无法被约束为随某一列上升或下降（monotone）。",
    "composition-not-monotone": (
        "略去，因为它无法被约束为随某一列上升或下降（monotone）：{reason}。"
    ),
    "unheld-itself": (
        "结构以相反的方向用 {column} 作计算；把它作为某一部分的输入，就能约束"
    ),
    "unheld-bends": "{what} 并不是一直上升或一直下降",
    "unheld-sign": (
        "方向取决于 {what} 的正负，而它不受约束；abs({what}) 和 exp({what}) 从不为负"
    ),
    "unheld-both": "部分 {part} 在一处须随之上升，在另一处须随之下降",
    "stopping": "正在停下：做完的都会保留。再按一次 Ctrl-C 立即中止。",
}

ANSWERS = {
    "best": (
        "用{columns}预测{target}，由 {rows} 行数据学得。最准确的是{rung}：在未见过的"
        "行上{score_name}为 {score} ± {error}（{also}）；常数为 {constant}。"
    ),
    "groups-found": (
        "由 {rows} 行数据的 {columns} 列找到 {groups} 个组。由{family}找到：{words}。"
    ),
    "groups-found-pictures": (
        "在 {rows} 张图片中找到 {groups} 个组。由{family}找到：{words}。"
    ),
    "groups-none-pictures": "在 {rows} 张图片中没有找到分组。",
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
    "rows-note-pictures": "行号从 1 起，只数目标已知的行。它们的图片在下面。",
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
    # ── what flows through a network ──
    "flow-note": (
        "流过它的一行，各列都取中间值，或只有一列与此不同。填色的圆是神经元传出的值。"
    ),
    "flow-middle": "各列都取中间值",
    "flow-moved": "{column}：{value}",
    # ── compositions ──
    "part-field": "{part}，作为其两个输入的函数。",
    "family": "函数族",
    # ── groups ──
    "groups-title": "{groups} 组数据行",
    "groups-title-pictures": "{groups} 组图片",
    "groups-title-none": "没有组",
    "groups-subtitle": "在 {rows} 行的 {columns} 中寻找",
    "big-groups": "个组",
    "big-groups-again": "个组，在另一半的行上一致程度为 {agreement}",
    "big-none": "一整堆：各行之间只有程度之别",
    "map-note": (
        "每个标记是一行，画在把各组分得最开的平面上：相近的标记彼此相像。画出 {rows} 行中的 "
        "{shown} 行。"
    ),
    "map-note-none": (
        "每个标记是一行，画在各行相差最大的平面上。画出 {rows} 行中的 {shown} 行。"
    ),
    "each-group": "每个组有何不同",
    "each-note": (
        "数值的效应是以组内散布为单位的均值之差（Cohen d），类别的效应是角度之差（Cohen h）："
        "0.2 为小，0.5 为中，0.8 为大。"
    ),
    "group-name": "第 {group} 组",
    "group-size": "{rows} 行，占 {share}。",
    "group-back": "稳定性 {stability}：它的行在其他行上重新聚到一起的程度。",
    "group-plain": "没有哪一列单独使它与众不同。",
    "here": "本组",
    "elsewhere": "其余",
    "effect": "效应",
    "against": "{here}，其余为 {there}",
    "of-level": "{column} = {level}",
    "look-brightness": "{column} 的亮度",
    "look-contrast": "{column} 的对比度",
    "look-redness": "{column} 的偏红程度",
    "look-greenness": "{column} 的偏绿程度",
    "look-blueness": "{column} 的偏蓝程度",
    "some-rows": "各组的一些行",
    "some-note": "典型的行离本组的中心最近，可疑的行在边界上。",
    "typical-row": "典型",
    "doubtful-row": "可疑",
    "sure": "把握",
    "values": "取值",
    "found-how": "如何找到",
    "families-found": "由哪个函数族找到",
    "families-note": (
        "增益：在另一半的行上，每行比一整堆好多少奈特。一致：与其他函数族所得的组。得分兼顾"
        "二者。"
    ),
    "family-score": "得分",
    "gain": "增益",
    "agreement": "一致",
    "strength": "有多少组",
    "strength-note": (
        "这么多的组在另一半的行上再次出现的程度（预测强度），按函数族。在线以上，并且比把"
        "一整堆切成同样多块分得更开，这一组数才可信。"
    ),
    "strength-axis": "预测强度",
    "groups-axis": "组数",
    "asked-for": "要求 0.8",
    "groups-again": "数据、种子和版本相同，分组就相同。",
    # ── approximations ──
    "approximation-subtitle": "一个已知的函数，以及为它找到的最小的神经网络",
    "asked-x": "所求",
    "asked-f": "神经网络",
    "known": "要求",
    "tolerance": "允许误差",
    "relative": "乘以 |f|",
    "found-network": "神经网络",
    "big-error": "最大误差，{neurons} 个 {activation} {units}",
    "big-relative": "最大相对误差，{neurons} 个 {activation} {units}",
    "beside-note": "线是神经网络，点是 f。",
    "plane-note": "神经网络在其定义域上。",
    "histogram-note": "在定义域的格点上，各种误差出现的次数。",
    "error-curve": "误差",
    "error-note": (
        "f 减去神经网络。色带是允许误差：在带内，每一点都足够近。若神经元得到充分利用，误差"
        "就来回摆动。"
    ),
    "sizes": "误差与大小",
    "sizes-note": (
        "试过的每种大小中，找到的最好的网络的最大误差。虚线是允许误差，大圆点是保留下来的网络。"
    ),
    "neurons": "神经元个数",
    "largest-error": "最大误差",
    "yardsticks-title": "与经典逼近相比",
    "yardsticks-note": (
        "用同样多的数（{numbers} 个）时的最大误差：多项式（切比雪夫插值）和有理函数（AAA）。"
    ),
    "this-network": "神经网络",
    "inside-note": (
        "全部的神经元和权重，以及流过的一个点：每个神经元把输入的加权和弯一下，它们的加权和"
        "就是函数值。"
    ),
    "certificate": "证明了什么",
    "bound": "上界",
    "rounding": "运行时的舍入",
    "cells": "证明的格子数",
    "digest": "网络的摘要",
    "verify-note": (
        "mapsto verify 文件名 会在所存的权重上逐格重新检验，不依赖搜索的结果。"
    ),
    "written-out": "写出来的神经网络",
    "written-note": "数字经过舍入；文件和导出的代码保存全部数位。",
    "same-again": "函数、选项、种子和版本相同，神经网络就相同。",
    # ── pictures ──
    "walked-note": "函数本身沿每一列的走势，其余各列固定在见过的值的中点或第一个取值。",
    "bare-note": (
        "这个文件由较早的版本保存，没有保留数据的任何信息：数据的疏密、各列的重要性、"
        "对未见过的行错在哪里，都无从得知。重新拟合就能看到。"
    ),
    "pictures": "看了哪里",
    "pictures-note": (
        "函数没有用这些图片训练过，以下是它的回答。红色支持它的回答，蓝色反对："
        "把图片逐块遮住，看回答怎样变化。"
    ),
    "pictures-note-quantity": (
        "函数没有用这些图片训练过，以下是它的回答。把图片逐块遮住来看："
        "红色使预测升高，蓝色使它降低。"
    ),
    "pictures-kept": "编号从 1 起，只数目标已知的图片。模型文件只保存这几张图片。",
    "seen-grey": "{side} × {side}，灰度",
    "seen-colour": "{side} × {side}，彩色",
    "find-image": "判为{label}，概率为 {p}。",
    "find-quantity": "预测为 {told}。",
    "find-truth": "真值是 {truth}。",
    "find-evidence": "大部分依据在{place}。",
    "place-0-0": "左上",
    "place-0-1": "上方中间",
    "place-0-2": "右上",
    "place-1-0": "左侧中间",
    "place-1-1": "正中",
    "place-1-2": "右侧中间",
    "place-2-0": "左下",
    "place-2-1": "下方中间",
    "place-2-2": "右下",
    # ── in a terminal ──
    "text-curves": "每一列的作用：{what}的平均，刻度相同，从 {ends}",
    "text-network": "神经网络",
    "text-error": "误差 f - N",
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
    "kind-long text": "长文本",
    "kind-picture": "图片",
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
    "find-flat-plane": "无论{first}和{second}取什么值，{target}处处为 {value}。",
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
    "find-wired": "从输入到函数值，每层 {sizes} 个神经元的网络。",
    "find-target": "{target}从 {low} 到 {high}，多在 {most} 附近。",
    "find-labels": "最常见的类别是{label}，{rows} 行中有 {count} 行。",
    "find-residuals": "一半的误差在 {low} 与 {high} 之间；平均误差为 {mean}。",
    "find-confusion": "{rows} 行未见过的数据中，{right} 行说对了类别。",
    "find-confused": "最常见的错误：把{truth}当作{told}，{count} 次。",
    "find-coverage": "要求包含 {asked}，区间包含了 {measured}。",
    "find-reliability": "说 {told} 的地方，成真 {share}：{bins} 组中差距最大的一组。",
    "find-interval": "{value}，在 {low} 与 {high} 之间。",
    "find-capacity": "新行上最小的误差是 {score}，属于有 {count} 个参数的{rung}。",
    "find-parts": "{part}对预测的影响最大：预测的标准差的 {importance} 倍。",
    "find-map": "{groups} 个组，分别有 {sizes} 行。",
    "find-map-none": "{rows} 行的一整堆。",
    "find-apart": "{group}：{told}。",
    "find-strength": "{groups} 个组再次出现得最好，{family}的强度为 {strength}。",
    "find-families": "{count} 个函数族中，{best}的得分最高，为 {score}。",
    "find-beside": (
        "神经网络从 {low} 到 {high} 都跟随 f；两者最多相差 {error}，在 {where} 处。"
    ),
    "find-error": "误差在 {low} 与 {high} 之间。",
    "find-sizes": "用 {neurons} 个 {activation} {units}，最大误差为 {error}。",
    "find-yardsticks": "用 {numbers} 个数，{best}最接近，相差 {error}。",
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
    "view-row": "第 {row} 行",
    "view-flow": "流过的行：",
    "view-open": "打开神经元：",
    "view-neuron": "第 {layer} 层第 {number} 个神经元",
    "view-became": "{name}：加权和 {sum} 变成 {out}。",
    "view-weighted": "加权和",
    "view-rest": "其余",
    "view-bias": "偏置",
    "view-sum": "和 z",
    "view-answer": "对{column}的响应",
    "view-beside": "与之相比：",
    "view-evidence": "依据在哪里",
    "view-empty": "这里还没有可画的内容。",
    "view-failed": "这幅图画不出来。",
    "view-unknown": "没有名为 {name} 的图。",
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
    "kmeans": "K均值",
    "mixture": "高斯混合",
    "spectral": "谱聚类",
    "density": "密度聚类",
}

OUTPUTS = {
    "log-odds": "{label}的对数几率",
    "score": "{label}的得分",
}

APPROXIMATIONS = {
    # ── approximation ──
    "found": (
        "{function}，{domain}：{neurons} 个 {activation} {units}，{precision} 的 "
        "{parameters} 个数，最大的为 {largest}。在密集格点上的最大{kind}：{error}，在 "
        "{where} 处。"
    ),
    "not-met": (
        "{function}，{domain}：没有达到允许误差 {tol}。找到的最接近的：{neurons} 个 "
        "{activation} {units}，{precision} 的 {parameters} 个数，最大的为 {largest}。在密集"
        "格点上的最大{kind}：{error}，在 {where} 处。"
    ),
    "unit": "神经元",
    "units": "神经元",
    "error": "误差",
    "relative-error": "相对误差",
    "unknown": "未知",
    "samples": "{count} 个样本",
    "within": "{name} 在 [{low}, {high}] 内",
    "proved": (
        "已证明：对每个实数 {domain}，|f - N| <= {bound}；用 {cells} 个格子上的包围，对所存"
        "的权重作精确算术；运行时的舍入最多再加 {rounding}。"
    ),
    "proved-relative": (
        "已证明：对每个实数 {domain}，|f - N| <= {bound} |f|；用 {cells} 个格子上的包围，对"
        "所存的权重作精确算术；运行时的舍入最多再加 {rounding}。"
    ),
    "no-proof-callable": "没有证明：Python 函数只能取样。写成表达式就能证明。",
    "no-proof-samples": "没有证明：样本之间的情形一无所知；误差是样本处的误差。",
    "no-proof-inputs": "没有证明：只对一个或两个输入作证明；误差是格点上的误差。",
    "no-proof-extra": (
        "没有证明：需要 python-flint 包。安装方法：pip install 'mapsto[proof]'"
    ),
    "no-proof-cells": "没有找到证明：f 在某处没有足够紧的包围；误差是格点上的误差。",
    "no-proof-stopped": "没有证明：在找到之前就停下了。",
    "least": (
        "在允许误差之内，没有哪条折线的线段少于 {least} 条（舍入，以及 f 在细网格点之间可能"
        "的变化除外）。"
    ),
    "sizes-tried": "试过的大小及其最大误差：",
    "smallest-found": "这是找到的最小的；没有证明不存在更小的。试过的大小及其最大误差：",
    "yardsticks": "用同样多的数（{numbers} 个）：{errors}。",
    "proof-holds": (
        "证书成立：f = {expression}，对每个实数 {domain}，|f - N| <= {bound}{times}；在 "
        "{cells} 个格子上重新检验过。"
    ),
    "proof-missing": "没有证书可以检验。",
    "proof-other-network": "证书被拒绝：它所指的网络不是文件中的网络，有权重被改动过。",
    "proof-other-claim": "证书被拒绝：它的函数或定义域与文件中的不同。",
    "proof-refuted": "证书被拒绝：在 {where} 处误差大于 {bound}。",
    "proof-incomplete": "证书被拒绝：{detail}。",
}

SCORES: dict[str, str] = {
    "rmse": "均方根误差",
    "mae": "平均绝对误差",
    "log_loss": "对数损失",
    "brier": "布里尔分数",
    "error_rate": "错误率",
}
