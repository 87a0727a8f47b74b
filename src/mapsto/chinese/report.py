"""The words of reports and of the pictures in them."""

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

SCORES: dict[str, str] = {
    "rmse": "均方根误差",
    "mae": "平均绝对误差",
    "log_loss": "对数损失",
    "brier": "布里尔分数",
    "error_rate": "错误率",
}
