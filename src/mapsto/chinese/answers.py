"""What a function says of itself."""

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

ROLES = {
    "summand": "均值 0",
    "factor": "均方根 1",
    "argument": "标准化",
    "carrier": "带单位",
    "trained": "按训练所得",
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
