"""Notices of the door and the climb, and verdicts."""

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
