<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>打开最近的(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Look</source>
        <translation>外观(&amp;L)</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;G)</translation>
    </message>
    <message>
        <source>F&amp;igure</source>
        <translation>图(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;New experiment</source>
        <translation>新建实验(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open record…</source>
        <translation>打开记录…(&amp;O)</translation>
    </message>
    <message>
        <source>Add &amp;folder of runs…</source>
        <translation>添加运行文件夹…(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Start from spec file…</source>
        <translation>从配置文件启动…(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>继续(&amp;G)</translation>
    </message>
    <message>
        <source>Write &amp;checkpoint</source>
        <translation>写入检查点(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Reward calibration</source>
        <translation>奖励校准(&amp;R)</translation>
    </message>
    <message>
        <source>S&amp;top…</source>
        <translation>停止…(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Filter runs</source>
        <translation>筛选运行(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Next tab</source>
        <translation>下一标签页(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous tab</source>
        <translation>上一标签页(&amp;P)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>As the s&amp;ystem</source>
        <translation>跟随系统(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Export figure…</source>
        <translation>导出图…(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>复制图片(&amp;C)</translation>
    </message>
    <message>
        <source>Copy &amp;data</source>
        <translation>复制数据(&amp;D)</translation>
    </message>
    <message>
        <source>Show &amp;all</source>
        <translation>显示全部(&amp;A)</translation>
    </message>
    <message>
        <source>Zoom &amp;back</source>
        <translation>返回上一缩放(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>回放(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Keyboard and mouse</source>
        <translation>键盘与鼠标(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Bandscope</source>
        <translation>关于 Bandscope(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Learning rate and momentum…</source>
        <translation>学习率与动量(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Dashboard on the whole screen	F</source>
        <translation>仪表板全屏(&amp;D)	F</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Glossary</source>
        <translation>术语表(&amp;G)</translation>
    </message>
    <message>
        <source>Look for runs &amp;again</source>
        <translation>重新查找运行(&amp;A)</translation>
    </message>
</context>
<context>
    <name>Amounts</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 days</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
</context>
<context>
    <name>AskServer</name>
    <message>
        <source>%1 refuses without a reason</source>
        <translation>%1 未说明原因即拒绝</translation>
    </message>
    <message>
        <source>the connection to %1 was lost before it answered</source>
        <translation>在 %1 答复之前连接已中断</translation>
    </message>
    <message>
        <source>the connection to %1 was lost before it answered (%2)</source>
        <translation>在 %1 答复之前连接已中断（%2）</translation>
    </message>
    <message>
        <source>its server is not among those of the settings</source>
        <translation>其服务器不在设置之中</translation>
    </message>
    <message>
        <source>%1 is not reached</source>
        <translation>无法连接 %1</translation>
    </message>
    <message>
        <source>the engine on %1 is too old for this</source>
        <translation>%1 上的引擎版本过旧，不支持此操作</translation>
    </message>
    <message>
        <source>%1 gave an answer that is not understood</source>
        <translation>%1 给出了无法理解的答复</translation>
    </message>
</context>
<context>
    <name>ChartTab</name>
    <message>
        <source>What if</source>
        <translation>假设分析</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>smooth 0.6</source>
        <translation>平滑 0.6</translation>
    </message>
    <message>
        <source>smooth 0.9</source>
        <translation>平滑 0.9</translation>
    </message>
    <message>
        <source>smooth 0.98</source>
        <translation>平滑 0.98</translation>
    </message>
    <message>
        <source>mean of 21</source>
        <translation>21 步平均</translation>
    </message>
    <message>
        <source>mean of 101</source>
        <translation>101 步平均</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>training time</source>
        <translation>训练时间</translation>
    </message>
    <message>
        <source>z_w, last step</source>
        <translation>z_w，末步</translation>
    </message>
    <message>
        <source>z_l, last step</source>
        <translation>z_l，末步</translation>
    </message>
    <message>
        <source>margin, last step</source>
        <translation>间隔，末步</translation>
    </message>
    <message>
        <source>probe z_w, change</source>
        <translation>探测集 z_w 变化</translation>
    </message>
    <message>
        <source>probe z_l, change</source>
        <translation>探测集 z_l 变化</translation>
    </message>
    <message>
        <source>probe z_w, last</source>
        <translation>探测集 z_w，末次</translation>
    </message>
    <message>
        <source>probe margin, last</source>
        <translation>探测集间隔，末次</translation>
    </message>
    <message>
        <source>probe accuracy, last</source>
        <translation>探测集准确率，末次</translation>
    </message>
    <message>
        <source>steps in the band</source>
        <translation>带内步数占比</translation>
    </message>
    <message>
        <source>both rise, realised</source>
        <translation>同升，实际</translation>
    </message>
    <message>
        <source>both fall, realised</source>
        <translation>同降，实际</translation>
    </message>
    <message>
        <source>disentangled, realised</source>
        <translation>解耦，实际</translation>
    </message>
    <message>
        <source>disentangled, predicted</source>
        <translation>解耦，预测</translation>
    </message>
    <message>
        <source>alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message>
        <source>conversations</source>
        <translation>对话</translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs</source>
        <translation>
            <numerusform>%1 个样本对</numerusform>
        </translation>
    </message>
    <message>
        <source>so far, still reading…</source>
        <translation>至此，仍在读取…</translation>
    </message>
    <message>
        <source>prompt %1, chosen %2, rejected %3 tokens (median / 90 % / longest)</source>
        <translation>词元数：提示 %1，被选 %2，被拒 %3（中位数 / 90 % / 最长）</translation>
    </message>
    <message>
        <source>prompt %1, chosen %2, rejected %3 bytes (median / 90 % / longest)</source>
        <translation>字节数：提示 %1，被选 %2，被拒 %3（中位数 / 90 % / 最长）</translation>
    </message>
    <message>
        <source>a pair&apos;s responses share %1 % of their tokens (median)</source>
        <translation>一对回复共有 %1 % 的词元（中位数）</translation>
    </message>
    <message>
        <source>a pair&apos;s responses share %1 % of their words (median)</source>
        <translation>一对回复共有 %1 % 的词（中位数）</translation>
    </message>
    <message numerus="yes">
        <source>above 80 % in %1 pairs</source>
        <translation>
            <numerusform>%1 个样本对超过 80 %</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 rows are skipped</source>
        <translation>
            <numerusform>跳过 %1 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs are longer than %2 tokens and are cut</source>
        <translation>
            <numerusform>%1 个样本对超过 %2 个词元，将被截断</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs have the same text as chosen and rejected</source>
        <translation>
            <numerusform>%1 个样本对的被选与被拒文本相同</numerusform>
        </translation>
    </message>
    <message>
        <source>responses that are nearly the same text displace likelihood most</source>
        <translation>文本几乎相同的两个回复，似然位移最大</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>The engine&apos;s log counts rows from 0: one less than the line.</source>
        <translation>引擎日志中的行号从 0 起算，比此处的行号小 1。</translation>
    </message>
    <message>
        <source>one response with a label</source>
        <translation>单条回复带标签</translation>
    </message>
    <message>
        <source>%1 desirable and %2 undesirable responses</source>
        <translation>%1 条可取回复与 %2 条不可取回复</translation>
    </message>
    <message>
        <source>the first rows</source>
        <translation>前若干行</translation>
    </message>
</context>
<context>
    <name>EngineWords</name>
    <message>
        <source>alert</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限值</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>reward calibration</source>
        <translation>奖励校准</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>%1.</source>
        <translation>%1。</translation>
    </message>
</context>
<context>
    <name>Figure</name>
    <message>
        <source>+ %1 more</source>
        <translation>另有 %1 个</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>No run is open. Open a run record to see it here.</source>
        <translation>没有打开的运行。打开一个运行记录即可在此查看。</translation>
    </message>
    <message>
        <source>%1 off scale</source>
        <translation>%1 个超出范围</translation>
    </message>
    <message>
        <source>optimizer step</source>
        <translation>优化步</translation>
    </message>
    <message>
        <source>No step recorded yet. The first appears when the run has taken it.</source>
        <translation>尚未记录任何步。运行完成第一步后即显示。</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>z — log-probability (nats)</source>
        <translation>z — 对数概率（奈特）</translation>
    </message>
    <message>
        <source>z — mean log-probability per token (nats)</source>
        <translation>z — 每词元平均对数概率（奈特）</translation>
    </message>
    <message>
        <source>Band w/ RC</source>
        <translation>解耦带，有 RC</translation>
    </message>
    <message>
        <source>Band w/o RC</source>
        <translation>解耦带，无 RC</translation>
    </message>
    <message>
        <source>log r — log incentive ratio</source>
        <translation>log r — 对数激励比</translation>
    </message>
    <message>
        <source>No run with reward calibration is open. Open or start the same spec w/ RC.</source>
        <translation>没有打开带奖励校准的运行。请以有 RC 打开或启动同一配置。</translation>
    </message>
    <message>
        <source>No run without reward calibration is open. Open or start the same spec w/o RC.</source>
        <translation>没有打开不带奖励校准的运行。请以无 RC 打开或启动同一配置。</translation>
    </message>
    <message>
        <source>band</source>
        <translation>解耦带</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>带外</translation>
    </message>
    <message>
        <source>The ratio r and the band are undefined at every step of this run.</source>
        <translation>该运行的每一步中比值 r 和解耦带都无定义。</translation>
    </message>
    <message>
        <source>Log-likelihood z_w, z_l</source>
        <translation>对数似然 z_w, z_l</translation>
    </message>
    <message>
        <source>The likelihoods z_w and z_l are not in this record.</source>
        <translation>此记录中没有似然 z_w 和 z_l。</translation>
    </message>
    <message>
        <source>Margin z_w − z_l</source>
        <translation>间隔 z_w − z_l</translation>
    </message>
    <message>
        <source>m — preference margin (nats)</source>
        <translation>m — 偏好间隔（奈特）</translation>
    </message>
    <message>
        <source>The margin is not in this record.</source>
        <translation>此记录中没有间隔。</translation>
    </message>
    <message>
        <source>Pathway plane</source>
        <translation>路径平面</translation>
    </message>
    <message>
        <source>Δz_l — rejected, against the reference (nats)</source>
        <translation>Δz_l — 被拒，相对参考（奈特）</translation>
    </message>
    <message>
        <source>Δz_l — rejected, since the first step (nats)</source>
        <translation>Δz_l — 被拒，自第一步起（奈特）</translation>
    </message>
    <message>
        <source>Δz_w — chosen, against the reference (nats)</source>
        <translation>Δz_w — 被选，相对参考（奈特）</translation>
    </message>
    <message>
        <source>Δz_w — chosen, since the first step (nats)</source>
        <translation>Δz_w — 被选，自第一步起（奈特）</translation>
    </message>
    <message>
        <source>(i) both rise</source>
        <translation>(i) 同升</translation>
    </message>
    <message>
        <source>(ii) both fall</source>
        <translation>(ii) 同降</translation>
    </message>
    <message>
        <source>(iii) disentangled</source>
        <translation>(iii) 解耦</translation>
    </message>
    <message>
        <source>Cosine of the scores</source>
        <translation>得分的余弦</translation>
    </message>
    <message>
        <source>ρ — cosine of s_w and s_l</source>
        <translation>ρ — s_w 与 s_l 的余弦</translation>
    </message>
    <message>
        <source>The cosine ρ is undefined at every step of this run.</source>
        <translation>该运行的每一步中余弦 ρ 都无定义。</translation>
    </message>
    <message>
        <source>Incentives d_w, d_l</source>
        <translation>激励 d_w, d_l</translation>
    </message>
    <message>
        <source>d — incentive</source>
        <translation>d — 激励</translation>
    </message>
    <message>
        <source>The incentives d_w and d_l are not in this record.</source>
        <translation>此记录中没有激励 d_w 和 d_l。</translation>
    </message>
    <message>
        <source>Score norms ‖s_w‖, ‖s_l‖</source>
        <translation>得分范数 ‖s_w‖, ‖s_l‖</translation>
    </message>
    <message>
        <source>‖s‖ — norm of the score</source>
        <translation>‖s‖ — 得分的范数</translation>
    </message>
    <message>
        <source>The score norms are not in this record.</source>
        <translation>此记录中没有得分范数。</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出层</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>log r (w/ RC: log α²r)</source>
        <translation>log r（有 RC：log α²r）</translation>
    </message>
    <message>
        <source>log r before RC</source>
        <translation>RC 之前的 log r</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>解耦带</translation>
    </message>
    <message>
        <source>output scope</source>
        <translation>输出层范围</translation>
    </message>
    <message>
        <source>all parameters</source>
        <translation>全部参数</translation>
    </message>
    <message>
        <source>both</source>
        <translation>两者</translation>
    </message>
    <message>
        <source>No run of this objective has the scores of all parameters.</source>
        <translation>该目标函数没有记录全部参数得分的运行。</translation>
    </message>
    <message>
        <source>No run of this objective has the scores of the output scope.</source>
        <translation>该目标函数没有记录输出层得分的运行。</translation>
    </message>
    <message>
        <source>Needs a run of each scope.</source>
        <translation>需要两种范围各一个运行。</translation>
    </message>
    <message>
        <source>margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>z (nats)</source>
        <translation>z（奈特）</translation>
    </message>
    <message>
        <source>m (nats)</source>
        <translation>m（奈特）</translation>
    </message>
    <message>
        <source>No run w/o RC.</source>
        <translation>没有无 RC 的运行。</translation>
    </message>
    <message>
        <source>No run w/ RC.</source>
        <translation>没有有 RC 的运行。</translation>
    </message>
    <message>
        <source>Calibration factor α</source>
        <translation>校准因子 α</translation>
    </message>
    <message>
        <source>α — factor on d_w, its inverse on d_l</source>
        <translation>α — d_w 乘以 α，d_l 乘以其倒数</translation>
    </message>
    <message>
        <source>The factor α is not in this record.</source>
        <translation>此记录中没有因子 α。</translation>
    </message>
    <message>
        <source>Means of log r and log r*</source>
        <translation>log r 与 log r* 的均值</translation>
    </message>
    <message>
        <source>The moving means of log r and log r* are not in this record.</source>
        <translation>此记录中没有 log r 与 log r* 的滑动平均。</translation>
    </message>
    <message>
        <source>Slack to the band&apos;s nearer edge</source>
        <translation>到解耦带较近边界的余量</translation>
    </message>
    <message>
        <source>slack — below 0 outside the band</source>
        <translation>余量 — 带外为负</translation>
    </message>
    <message>
        <source>Margin: predicted and realised</source>
        <translation>间隔：预测与实际</translation>
    </message>
    <message>
        <source>Δm — change of the margin (nats)</source>
        <translation>Δm — 间隔的变化（奈特）</translation>
    </message>
    <message>
        <source>realised</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>predicted, c·Σ η ṁ (c fitted)</source>
        <translation>预测，c·Σ η ṁ（c 为拟合值）</translation>
    </message>
    <message>
        <source>Difference of z_w, z_l</source>
        <translation>z_w, z_l 之差</translation>
    </message>
    <message>
        <source>Δz — second run minus first (nats)</source>
        <translation>Δz — 第二个运行减第一个（奈特）</translation>
    </message>
    <message>
        <source>Difference of the margin</source>
        <translation>间隔之差</translation>
    </message>
    <message>
        <source>Δm — second run minus first (nats)</source>
        <translation>Δm — 第二个运行减第一个（奈特）</translation>
    </message>
    <message>
        <source>%1 common steps</source>
        <translation>%1 个共同的步</translation>
    </message>
    <message>
        <source>, %1 without a match</source>
        <translation>，%1 个无对应</translation>
    </message>
    <message>
        <source>The two runs have no step in common.</source>
        <translation>两个运行没有共同的步。</translation>
    </message>
    <message>
        <source>Select two runs to see how they differ.</source>
        <translation>选择两个运行以查看其差异。</translation>
    </message>
    <message>
        <source>Pathways</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>reversed</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>%1 agree in view, %2 of all</source>
        <translation>视图内相符 %1，全程 %2</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>No step has a pathway: it takes two steps and scores.</source>
        <translation>没有任何步有路径：路径需要两步和得分。</translation>
    </message>
    <message>
        <source>This is not in the record.</source>
        <translation>此记录中没有该数据。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>loss — mean over the step&apos;s pairs</source>
        <translation>损失 — 该步样本对的均值</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>η — learning rate</source>
        <translation>η — 学习率</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>‖g‖ — before clipping</source>
        <translation>‖g‖ — 裁剪前</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>speed (tokens/s)</source>
        <translation>速度（词元/秒）</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>peak memory (GiB)</source>
        <translation>峰值内存（GiB）</translation>
    </message>
    <message>
        <source>Probe set: z_w, z_l</source>
        <translation>探测集：z_w, z_l</translation>
    </message>
    <message>
        <source>Probe set: margin</source>
        <translation>探测集：间隔</translation>
    </message>
    <message>
        <source>m — margin z_w − z_l (nats)</source>
        <translation>m — 间隔 z_w − z_l（奈特）</translation>
    </message>
    <message>
        <source>Probe set: accuracy</source>
        <translation>探测集：准确率</translation>
    </message>
    <message>
        <source>No probe set was evaluated. Give the spec [data] probe and [probe] every.</source>
        <translation>没有评估过探测集。请在配置中给出 [data] probe 与 [probe] every。</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>log r* mean</source>
        <translation>log r* 均值</translation>
    </message>
    <message>
        <source>log r mean</source>
        <translation>log r 均值</translation>
    </message>
    <message>
        <source>slack</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>acc</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>  (mean %1)</source>
        <translation>  （均值 %1）</translation>
    </message>
    <message>
        <source>, raw values</source>
        <translation>，原始值</translation>
    </message>
    <message>
        <source>log r, log r* — moving means</source>
        <translation>log r、log r* — 滑动平均</translation>
    </message>
    <message>
        <source> · %1, one of %2 runs</source>
        <translation> · %1，共 %2 个运行之一</translation>
    </message>
    <message>
        <source>mean, momentum %1</source>
        <translation>均值，动量 %1</translation>
    </message>
    <message>
        <source>mean over %1 steps</source>
        <translation>%1 步的均值</translation>
    </message>
    <message>
        <source>, over %2 in %1, which has no more</source>
        <translation>，%1 只有 %2 步，取其全长</translation>
    </message>
    <message>
        <source>, over fewer in %1 shorter runs</source>
        <translation>，%1 个较短的运行取其全长</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source> · %1 and %2 of %3 runs</source>
        <translation> · %3 个运行中的 %1 与 %2</translation>
    </message>
    <message>
        <source>predicted of this step, realised to the next: different pairs</source>
        <translation>预测针对本步，实际为到下一步：样本对不同</translation>
    </message>
    <message>
        <source>different pairs</source>
        <translation>样本对不同</translation>
    </message>
    <message>
        <source>accuracy — share of pairs with effective margin &gt; 0</source>
        <translation>准确率 — 有效间隔 &gt; 0 的样本对占比</translation>
    </message>
    <message>
        <source>Likelihoods</source>
        <translation>似然</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>Dynamics</source>
        <translation>动力学</translation>
    </message>
    <message>
        <source>Dynamics: bands, likelihoods, margin</source>
        <translation>动态：解耦带、似然、间隔</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>叠加</translation>
    </message>
    <message>
        <source>Score norms</source>
        <translation>得分范数</translation>
    </message>
    <message>
        <source>Incentives</source>
        <translation>激励</translation>
    </message>
    <message>
        <source>Pathway strip</source>
        <translation>路径条带</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Factor α</source>
        <translation>因子 α</translation>
    </message>
    <message>
        <source>Means of log r, log r*</source>
        <translation>log r、log r* 的均值</translation>
    </message>
    <message>
        <source>Slack</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Predicted margin</source>
        <translation>预测间隔</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Probe set</source>
        <translation>探测集</translation>
    </message>
    <message>
        <source>Probe: likelihoods</source>
        <translation>探测集：似然</translation>
    </message>
    <message>
        <source>Probe: margin</source>
        <translation>探测集：间隔</translation>
    </message>
    <message>
        <source>Probe: accuracy</source>
        <translation>探测集：准确率</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Δ likelihoods</source>
        <translation>Δ 似然</translation>
    </message>
    <message>
        <source>Δ margin</source>
        <translation>Δ 间隔</translation>
    </message>
    <message>
        <source>Paper 2: objectives, likelihoods and margin</source>
        <translation>论文图 2：各目标函数的似然与间隔</translation>
    </message>
    <message>
        <source>Paper 3: objectives, cosine, likelihoods, bands</source>
        <translation>论文图 3：各目标函数的余弦、似然、解耦带</translation>
    </message>
    <message>
        <source>Paper 5, 6: band by score scope</source>
        <translation>论文图 5、6：不同得分范围的解耦带</translation>
    </message>
    <message>
        <source>Output scope</source>
        <translation>输出层范围</translation>
    </message>
    <message>
        <source>All parameters</source>
        <translation>全部参数</translation>
    </message>
    <message>
        <source>Both scopes</source>
        <translation>两种范围</translation>
    </message>
    <message>
        <source>Paper 4, 7–14: dynamics, an objective a row</source>
        <translation>论文图 4、7–14：每行一个目标函数的动态</translation>
    </message>
    <message>
        <source> · same pairs</source>
        <translation> · 同一批对</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>of %1 benchmarks</source>
        <translation>共 %1 项基准</translation>
    </message>
    <message>
        <source>Benchmarks</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>± standard error</source>
        <translation>± 标准误</translation>
    </message>
    <message>
        <source> or </source>
        <translation> 或 </translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>in per cent, standard errors as subscripts</source>
        <translation>单位为 %，下标为标准误</translation>
    </message>
    <message>
        <source>No benchmark was evaluated. Name task files in the spec: [evaluation] tasks = [&quot;task.yaml&quot;].</source>
        <translation>没有评估任何基准。请在配置中写明任务文件：[evaluation] tasks = [&quot;task.yaml&quot;]。</translation>
    </message>
    <message>
        <source>Benchmarks over the steps, and likelihoods</source>
        <translation>各步的基准与似然</translation>
    </message>
    <message>
        <source>Table of benchmarks</source>
        <translation>基准表</translation>
    </message>
    <message>
        <source>Paper 4: table of benchmarks</source>
        <translation>论文 表 4：基准表</translation>
    </message>
    <message>
        <source>realised on the same pairs</source>
        <translation>同一批样本对上的实际值</translation>
    </message>
    <message>
        <source>realised on different pairs</source>
        <translation>不同样本对上的实际值</translation>
    </message>
    <message>
        <source>realised, on the same pairs where recorded</source>
        <translation>实际值（有记录处为同一批样本对）</translation>
    </message>
    <message>
        <source>* p &lt; 0.05, %1 over the same items; in per cent</source>
        <translation>* p &lt; 0.05，对相同题目做%1；单位为 %</translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation>%1，第 %2 步</translation>
    </message>
    <message>
        <source>%1; step %2</source>
        <translation>%1；第 %2 步</translation>
    </message>
    <message>
        <source>No benchmark matches the filter.</source>
        <translation>没有符合筛选条件的基准。</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>各列</translation>
    </message>
    <message>
        <source>Table of a sweep</source>
        <translation>扫描表</translation>
    </message>
    <message>
        <source>Table of a sweep: w/o RC, w/ RC, Δ</source>
        <translation>扫描表：无 RC、有 RC、Δ</translation>
    </message>
    <message>
        <source>Recorded columns, a panel each</source>
        <translation>记录中的各列，每列一图</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>mean ± standard deviation over seeds</source>
        <translation>各种子的均值 ± 标准差</translation>
    </message>
    <message>
        <source>Steps in the band (%)</source>
        <translation>处于解耦带内的步数 (%)</translation>
    </message>
    <message>
        <source>Δz_w, first to last step</source>
        <translation>Δz_w，首步到末步</translation>
    </message>
    <message>
        <source>Δz_l, first to last step</source>
        <translation>Δz_l，首步到末步</translation>
    </message>
    <message>
        <source>Margin, last step</source>
        <translation>末步的间隔</translation>
    </message>
    <message>
        <source>Accuracy, last step (%)</source>
        <translation>末步的准确率 (%)</translation>
    </message>
    <message>
        <source>Δz_w of the probe set</source>
        <translation>探测集的 Δz_w</translation>
    </message>
    <message>
        <source>Δz_l of the probe set</source>
        <translation>探测集的 Δz_l</translation>
    </message>
    <message>
        <source>Margin of the probe set</source>
        <translation>探测集的间隔</translation>
    </message>
    <message>
        <source>Accuracy on the probe set (%)</source>
        <translation>探测集的准确率 (%)</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>mean ± standard deviation over seeds; z and margin in nats</source>
        <translation>各种子的均值 ± 标准差；z 与间隔的单位为奈特</translation>
    </message>
    <message>
        <source>one run each; z and margin in nats</source>
        <translation>各一次运行；z 与间隔的单位为奈特</translation>
    </message>
    <message>
        <source>These runs have none of the figures asked for.</source>
        <translation>这些运行没有所要求的数值。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tokens processed</source>
        <translation>已处理的词元</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>time of training (min)</source>
        <translation>训练时间（分钟）</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>z — log-probability, of some runs per token (nats)</source>
        <translation>z — 对数概率，部分运行为每词元平均（奈特）</translation>
    </message>
    <message>
        <source>The run ended before its first step: there is nothing to draw.</source>
        <translation>该运行在第一步之前就结束了：没有可绘制的内容。</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>has changed since the run was trained on it, so its rows may be other pairs</source>
        <translation>在该运行以其训练之后已改变，其各行可能是另外的样本对</translation>
    </message>
    <message>
        <source>has no checkpoint yet; a run writes one at its end, when it is asked to, and every [checkpoint] every steps</source>
        <translation>还没有检查点；运行在结束时、应要求时以及每 [checkpoint] every 步写入检查点</translation>
    </message>
    <message>
        <source>has no embedding for token %1</source>
        <translation>没有词元 %1 的嵌入</translation>
    </message>
    <message>
        <source>%1, row %2: %3</source>
        <translation>%1，第 %2 行：%3</translation>
    </message>
    <message>
        <source>row %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>cannot be opened for reading</source>
        <translation>无法打开以读取</translation>
    </message>
    <message>
        <source>%1 is not gzip-compressed data</source>
        <translation>%1 不是 gzip 压缩数据</translation>
    </message>
    <message>
        <source>the gzip file ends too early</source>
        <translation>gzip 文件不完整</translation>
    </message>
    <message>
        <source>reading failed (%1)</source>
        <translation>读取失败（%1）</translation>
    </message>
    <message>
        <source>reading failed</source>
        <translation>读取失败</translation>
    </message>
    <message>
        <source>%1 does not exist</source>
        <translation>%1 不存在</translation>
    </message>
    <message>
        <source>%1 does not exist; a model folder needs it</source>
        <translation>%1 不存在；模型文件夹须有此文件</translation>
    </message>
    <message>
        <source>the model names no EOS token (eos_token in tokenizer_config.json), which every response ends with</source>
        <translation>模型没有指定 EOS 词元（tokenizer_config.json 中的 eos_token），而每个回复须以它结尾</translation>
    </message>
    <message>
        <source>no usable pair in %1 rows</source>
        <translation>%1 行中没有可用的样本对</translation>
    </message>
    <message>
        <source>no usable pair in %1 rows: %2</source>
        <translation>%1 行中没有可用的样本对：%2</translation>
    </message>
    <message>
        <source>%1; row %2: %3</source>
        <translation>%1；第 %2 行：%3</translation>
    </message>
    <message>
        <source>%1 is %2, a string is needed</source>
        <translation>%1 是%2，须为字符串</translation>
    </message>
    <message>
        <source>%1 is %2, an object with &quot;%3&quot; is needed</source>
        <translation>%1 是%2，须为含“%3”的对象</translation>
    </message>
    <message>
        <source>a boolean</source>
        <translation>布尔值</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>%1 lacks &quot;%2&quot;</source>
        <translation>%1 缺少“%2”</translation>
    </message>
    <message>
        <source>lacks &quot;%1&quot; (the row has %2)</source>
        <translation>缺少“%1”（该行有%2）</translation>
    </message>
    <message>
        <source>no keys</source>
        <translation>没有键</translation>
    </message>
    <message>
        <source>the keys %1</source>
        <translation>键 %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is an empty list of messages</source>
        <translation>“%1”是空的消息列表</translation>
    </message>
    <message>
        <source>the last message of &quot;%1&quot; has the role &quot;%2&quot;, &quot;assistant&quot; is needed</source>
        <translation>“%1”最后一条消息的角色是“%2”，须为“assistant”</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has an empty response</source>
        <translation>“%1”的回复为空</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is %2, a string or a list of messages is needed</source>
        <translation>“%1”是%2，须为字符串或消息列表</translation>
    </message>
    <message>
        <source>&quot;chosen&quot; and &quot;rejected&quot; share no prompt: no &quot;\n\nAssistant:&quot; in the text both begin with</source>
        <translation>“chosen”与“rejected”没有共同的提示：两者共同的开头中没有“\n\nAssistant:”</translation>
    </message>
    <message>
        <source>there is no message before the response, so no prompt</source>
        <translation>回复之前没有消息，因此没有提示</translation>
    </message>
    <message>
        <source>the rows are conversations, but the model has no chat template (chat_template in tokenizer_config.json, or chat_template.jinja)</source>
        <translation>数据行是对话，但模型没有对话模板（tokenizer_config.json 中的 chat_template，或 chat_template.jinja）</translation>
    </message>
    <message>
        <source>the row is %1, an object is needed</source>
        <translation>该行是%1，须为对象</translation>
    </message>
    <message>
        <source>&quot;chosen&quot; is %1 and &quot;rejected&quot; is %2, both must be of one kind</source>
        <translation>“chosen”是%1而“rejected”是%2，两者须为同一类型</translation>
    </message>
    <message>
        <source>&quot;conversations&quot; is %1, a list is needed</source>
        <translation>“conversations”是%1，须为列表</translation>
    </message>
    <message>
        <source>&quot;chosen&quot; and &quot;rejected&quot; share no prompt: they differ before their last message</source>
        <translation>“chosen”与“rejected”没有共同的提示：在最后一条消息之前已不同</translation>
    </message>
    <message>
        <source>the prompt is empty, or shares no token with both responses&apos; texts</source>
        <translation>提示为空，或与两个回复的文本没有共同的词元</translation>
    </message>
    <message>
        <source>%1 has no row %2</source>
        <translation>%1 没有第 %2 行</translation>
    </message>
    <message>
        <source>nested more than %1 deep</source>
        <translation>嵌套超过 %1 层</translation>
    </message>
    <message>
        <source>larger than %1 MiB</source>
        <translation>大于 %1 MiB</translation>
    </message>
    <message>
        <source>not valid JSON (%1)</source>
        <translation>不是有效的 JSON（%1）</translation>
    </message>
    <message>
        <source>%1 is empty</source>
        <translation>%1 为空</translation>
    </message>
    <message>
        <source>the JSON array ends too early, after %1 elements</source>
        <translation>JSON 数组不完整，在 %1 个元素后结束</translation>
    </message>
    <message>
        <source>%1 is an empty JSON array</source>
        <translation>%1 是空的 JSON 数组</translation>
    </message>
    <message>
        <source>there is more after the end of the JSON array</source>
        <translation>JSON 数组结束后还有内容</translation>
    </message>
    <message>
        <source>this build was made without Arrow and cannot read Parquet; save the pairs as .jsonl, or build with -DBANDSCOPE_ARROW_DIR (packaging/setup installs Arrow)</source>
        <translation>此构建不含 Arrow，无法读取 Parquet；请将样本对存为 .jsonl，或以 -DBANDSCOPE_ARROW_DIR 构建（packaging/setup 会安装 Arrow）</translation>
    </message>
    <message>
        <source>a text is not valid UTF-8</source>
        <translation>文本不是有效的 UTF-8</translation>
    </message>
    <message>
        <source>a value is nested more than 16 deep</source>
        <translation>值的嵌套超过 16 层</translation>
    </message>
    <message>
        <source>%1 holds no rows</source>
        <translation>%1 没有数据行</translation>
    </message>
    <message>
        <source>not readable as Parquet (%1)</source>
        <translation>无法作为 Parquet 读取（%1）</translation>
    </message>
    <message>
        <source>%1 has the columns %2; pairs need &quot;chosen&quot; and &quot;rejected&quot;, and mostly &quot;prompt&quot;</source>
        <translation>%1 的列为 %2；样本对须有“chosen”与“rejected”，通常还有“prompt”</translation>
    </message>
    <message>
        <source>the tokenizer gives id %1 (row %2 of the data) where the model has %3 embeddings</source>
        <translation>分词器给出 id %1（数据第 %2 行），而模型只有 %3 个嵌入</translation>
    </message>
    <message>
        <source>Cannot write %1: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>The resolution is %1 dpi; allowed are 36 to 2400.</source>
        <translation>分辨率为 %1 dpi；允许 36 到 2400。</translation>
    </message>
    <message>
        <source>A picture of that size does not fit into memory; ask for fewer dpi.</source>
        <translation>内存容不下这样大的图片；请降低 dpi。</translation>
    </message>
    <message>
        <source>A figure is 20 to 2,000 mm wide and 15 to 2,000 mm high.</source>
        <translation>图宽须为 20 到 2,000 mm，高须为 15 到 2,000 mm。</translation>
    </message>
    <message>
        <source>Qt finds no font; install fonts-dejavu-core, or start with QT_QPA_PLATFORM=offscreen</source>
        <translation>Qt 找不到字体；请安装 fonts-dejavu-core，或以 QT_QPA_PLATFORM=offscreen 启动</translation>
    </message>
    <message>
        <source>Name at least one run record to export a figure of.</source>
        <translation>请至少指定一个要导出图的运行记录。</translation>
    </message>
    <message>
        <source>The template&apos;s [runs] rule takes none of the %1 given runs: select = %2, objectives = %3, names = %4.</source>
        <translation>模板的 [runs] 规则没有选中所给 %1 个运行中的任何一个：select = %2，objectives = %3，names = %4。</translation>
    </message>
    <message>
        <source>There is no figure &quot;%1&quot;; the figures are %2.</source>
        <translation>没有图“%1”；可用的图：%2。</translation>
    </message>
    <message>
        <source>The figure %1 has no part &quot;%2&quot;; its parts are %3.</source>
        <translation>图 %1 没有部分“%2”；其部分为 %3。</translation>
    </message>
    <message>
        <source>%1, line %2: %3</source>
        <translation>%1 第 %2 行：%3</translation>
    </message>
    <message>
        <source>%1 must be one of %2.</source>
        <translation>%1 须为以下之一：%2。</translation>
    </message>
    <message>
        <source>%1 must be one of %2, not &quot;%3&quot; (nearest: %4).</source>
        <translation>%1 须为以下之一：%2，而不是“%3”（最接近的：%4）。</translation>
    </message>
    <message>
        <source>%1 must be a list of texts.</source>
        <translation>%1 须为文本列表。</translation>
    </message>
    <message>
        <source>%1 must be true or false.</source>
        <translation>%1 须为 true 或 false。</translation>
    </message>
    <message>
        <source>%1 must be a table of AXIS = [least, greatest].</source>
        <translation>%1 须为由 AXIS = [最小, 最大] 组成的表。</translation>
    </message>
    <message>
        <source>%1 must be [least, greatest], two numbers in that order.</source>
        <translation>%1 须为 [最小, 最大]，依次两个数字。</translation>
    </message>
    <message>
        <source>%1 must be a table, [%2].</source>
        <translation>%1 须为表 [%2]。</translation>
    </message>
    <message>
        <source>%1 must be %2.</source>
        <translation>%1 须为%2。</translation>
    </message>
    <message>
        <source>the number of steps, 1 or more</source>
        <translation>步数，不小于 1</translation>
    </message>
    <message>
        <source>a momentum of 0 or more and less than 1</source>
        <translation>动量，不小于 0 且小于 1</translation>
    </message>
    <message>
        <source>15 to 2,000 millimetres, or 0 for what the panels need</source>
        <translation> 15 到 2,000 毫米，或以 0 表示按图所需</translation>
    </message>
    <message>
        <source>36 to 2,400 dots per inch</source>
        <translation>每英寸 36 到 2,400 点</translation>
    </message>
    <message>
        <source>%1 is not a key of a figure template; the nearest is %2.</source>
        <translation>%1 不是图模板的键；最接近的是 %2。</translation>
    </message>
    <message>
        <source>%1 and page.width (line %2) both say the width; give one of them.</source>
        <translation>%1 与 page.width（第 %2 行）都给出了宽度；请只给其一。</translation>
    </message>
    <message>
        <source>%1 is missing; it is one of %2.</source>
        <translation>%1 缺失；须为以下之一：%2。</translation>
    </message>
    <message>
        <source>%1 has &quot;%2&quot;; the parts of %3 are %4.</source>
        <translation>%1 含“%2”；%3 的部分为 %4。</translation>
    </message>
    <message>
        <source>not TOML: %1.</source>
        <translation>不是 TOML：%1。</translation>
    </message>
    <message>
        <source>%1 is no figure template: it is larger than 1 MiB.</source>
        <translation>%1 不是图模板：大于 1 MiB。</translation>
    </message>
    <message>
        <source>Cannot read the template %1: %2.</source>
        <translation>无法读取模板 %1：%2。</translation>
    </message>
    <message>
        <source>Cannot write the template %1: %2.</source>
        <translation>无法写入模板 %1：%2。</translation>
    </message>
    <message>
        <source>This build has no figure texts in the language %1; use language = &quot;en&quot;.</source>
        <translation>此构建没有语言 %1 的图文字；请用 language = &quot;en&quot;。</translation>
    </message>
    <message>
        <source>cannot start %1: %2</source>
        <translation>无法启动 %1：%2</translation>
    </message>
    <message>
        <source>%1 has no engine.json that says which process to stop</source>
        <translation>%1 没有说明应停止哪个进程的 engine.json</translation>
    </message>
    <message>
        <source>the run goes on at %1, not on this machine; stop it there</source>
        <translation>该运行在 %1 上进行，不在此机器；请在那里停止</translation>
    </message>
    <message>
        <source>the run&apos;s process has ended already</source>
        <translation>该运行的进程已结束</translation>
    </message>
    <message>
        <source>cannot stop process %1: %2</source>
        <translation>无法停止进程 %1：%2</translation>
    </message>
    <message>
        <source>BANDSCOPE_ENGINE names %1, which is not a program that can be run</source>
        <translation>BANDSCOPE_ENGINE 指定的 %1 不是可运行的程序</translation>
    </message>
    <message>
        <source>no bandscope-engine beside %1 or on PATH; build it with BANDSCOPE_TRAINING=ON or name it in BANDSCOPE_ENGINE</source>
        <translation>%1 旁边与 PATH 中都没有 bandscope-engine；请以 BANDSCOPE_TRAINING=ON 构建，或在 BANDSCOPE_ENGINE 中指定</translation>
    </message>
    <message>
        <source>the engine&apos;s answer is not understood; engine and window may be of different versions</source>
        <translation>无法理解引擎的应答；引擎与窗口的版本可能不同</translation>
    </message>
    <message>
        <source>is not a JSON object with starred, tags and note</source>
        <translation>不是含 starred、tags 与 note 的 JSON 对象</translation>
    </message>
    <message>
        <source>key &quot;%1&quot; must be true or false</source>
        <translation>键“%1”须为 true 或 false</translation>
    </message>
    <message>
        <source>key &quot;tags&quot; must be a list of strings</source>
        <translation>键“tags”须为字符串列表</translation>
    </message>
    <message>
        <source>key &quot;note&quot; must be a string</source>
        <translation>键“note”须为字符串</translation>
    </message>
    <message>
        <source>cannot be removed: %1</source>
        <translation>无法删除：%1</translation>
    </message>
    <message>
        <source>a run has no text under key &quot;%1&quot;</source>
        <translation>某个运行的键“%1”下没有文本</translation>
    </message>
    <message>
        <source>its folder cannot be made</source>
        <translation>无法创建其文件夹</translation>
    </message>
    <message>
        <source>cannot be moved to %1</source>
        <translation>无法移到 %1</translation>
    </message>
    <message>
        <source>the run %1 of this folder is in the queue already</source>
        <translation>此文件夹的运行 %1 已在队列中</translation>
    </message>
    <message>
        <source>no file or folder %1</source>
        <translation>没有文件或文件夹 %1</translation>
    </message>
    <message>
        <source>%1 is a folder without a run.h5</source>
        <translation>文件夹 %1 中没有 run.h5</translation>
    </message>
    <message>
        <source>&quot;%1&quot; %2</source>
        <translation>“%1”%2</translation>
    </message>
    <message>
        <source>is true, which is not supported</source>
        <translation>为 true，不受支持</translation>
    </message>
    <message>
        <source>must be &quot;none&quot;</source>
        <translation>须为“none”</translation>
    </message>
    <message>
        <source>is set, which is not supported</source>
        <translation>已设置，不受支持</translation>
    </message>
    <message>
        <source>cannot be read; a PEFT adapter folder is needed</source>
        <translation>无法读取；须为 PEFT 适配器文件夹</translation>
    </message>
    <message>
        <source>&quot;peft_type&quot; is %1; LORA is supported</source>
        <translation>“peft_type”为 %1；支持 LORA</translation>
    </message>
    <message>
        <source>&quot;lora_alpha&quot; must be a number</source>
        <translation>“lora_alpha”须为数字</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; fits no projection of this model</source>
        <translation>张量“%1”与此模型的任何投影都不匹配</translation>
    </message>
    <message>
        <source>is not an integer</source>
        <translation>不是整数</translation>
    </message>
    <message>
        <source>is not a number</source>
        <translation>不是数字</translation>
    </message>
    <message>
        <source>is not true or false</source>
        <translation>不是 true 或 false</translation>
    </message>
    <message>
        <source>is not a string</source>
        <translation>不是字符串</translation>
    </message>
    <message>
        <source>is not an object</source>
        <translation>不是对象</translation>
    </message>
    <message>
        <source>is &quot;%1&quot;; silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh and relu are supported</source>
        <translation>为“%1”；支持 silu、gelu、gelu_new、gelu_fast、gelu_pytorch_tanh 与 relu</translation>
    </message>
    <message>
        <source>must lie in (0, 1]</source>
        <translation>须在 (0, 1] 之内</translation>
    </message>
    <message>
        <source>gives an odd number of rotary dimensions</source>
        <translation>使旋转维数为奇数</translation>
    </message>
    <message>
        <source>must be &gt; 0</source>
        <translation>须大于 0</translation>
    </message>
    <message>
        <source>must be above low_freq_factor</source>
        <translation>须大于 low_freq_factor</translation>
    </message>
    <message>
        <source>needs one entry per layer</source>
        <translation>须每层一项</translation>
    </message>
    <message>
        <source>knows full_attention and sliding_attention only</source>
        <translation>只可为 full_attention 与 sliding_attention</translation>
    </message>
    <message>
        <source>is missing, and layer_types asks for it</source>
        <translation>缺失，而 layer_types 需要它</translation>
    </message>
    <message>
        <source>%1; weights in float32, bfloat16, float16 or bitsandbytes&apos; nf4 are supported</source>
        <translation>%1；支持 float32、bfloat16、float16 或 bitsandbytes nf4 的权重</translation>
    </message>
    <message>
        <source>is true</source>
        <translation>为 true</translation>
    </message>
    <message>
        <source>is %1</source>
        <translation>为 %1</translation>
    </message>
    <message>
        <source>must divide num_attention_heads</source>
        <translation>须整除 num_attention_heads</translation>
    </message>
    <message>
        <source>must divide hidden_size</source>
        <translation>须整除 hidden_size</translation>
    </message>
    <message>
        <source>cannot be read; a Hugging Face model folder is needed</source>
        <translation>无法读取；须为 Hugging Face 模型文件夹</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; is not of a floating-point type</source>
        <translation>张量“%1”不是浮点类型</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; is of type F64; F32, BF16 and F16 can be quantised</source>
        <translation>张量“%1”的类型为 F64；可量化 F32、BF16 与 F16</translation>
    </message>
    <message>
        <source>&quot;quantization_config&quot; says that the weights are stored in 4 bits; only model.tuning = &quot;qlora&quot; reads them, and an adapter is merged into the model that they were made from</source>
        <translation>“quantization_config”表明权重以 4 位存储；只有 model.tuning = &quot;qlora&quot; 可读取，适配器须并入其原始模型</translation>
    </message>
    <message>
        <source>&quot;tie_word_embeddings&quot; is true, and tensor &quot;%1&quot; differs from the embeddings; set it to false where both are meant</source>
        <translation>“tie_word_embeddings”为 true，而张量“%1”与嵌入不同；若两者都要，请设为 false</translation>
    </message>
    <message>
        <source>too short for a safetensors header</source>
        <translation>过短，没有 safetensors 文件头</translation>
    </message>
    <message>
        <source>truncated or not a safetensors file (its header claims %1 bytes)</source>
        <translation>不完整或不是 safetensors 文件（文件头声称 %1 字节）</translation>
    </message>
    <message>
        <source>its header is not JSON; not a safetensors file</source>
        <translation>文件头不是 JSON；不是 safetensors 文件</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; %2</source>
        <translation>张量“%1”%2</translation>
    </message>
    <message>
        <source>has a malformed entry</source>
        <translation>的条目格式有误</translation>
    </message>
    <message>
        <source>lies outside the file; the file is truncated</source>
        <translation>超出文件；文件不完整</translation>
    </message>
    <message>
        <source>has a malformed shape</source>
        <translation>的形状格式有误</translation>
    </message>
    <message>
        <source>has malformed offsets</source>
        <translation>的偏移格式有误</translation>
    </message>
    <message>
        <source>has type %1, which is not supported</source>
        <translation>的类型 %1 不受支持</translation>
    </message>
    <message>
        <source>is too large</source>
        <translation>过大</translation>
    </message>
    <message>
        <source>has %1 bytes where its shape needs %2</source>
        <translation>有 %1 字节，而其形状需要 %2</translation>
    </message>
    <message>
        <source>is there twice</source>
        <translation>重复出现</translation>
    </message>
    <message>
        <source>is not in its shard</source>
        <translation>不在其分片中</translation>
    </message>
    <message>
        <source>shares bytes with tensor &quot;%1&quot;</source>
        <translation>与张量“%1”共用字节</translation>
    </message>
    <message>
        <source>leaves bytes before it that belong to no tensor</source>
        <translation>之前有不属于任何张量的字节</translation>
    </message>
    <message>
        <source>%1 bytes at its end belong to no tensor; not a whole safetensors file</source>
        <translation>末尾有 %1 字节不属于任何张量；不是完整的 safetensors 文件</translation>
    </message>
    <message>
        <source>its header has the key &quot;%1&quot; twice in one entry</source>
        <translation>文件头的同一条目中键“%1”重复出现</translation>
    </message>
    <message>
        <source>is %1; 1 to %2 is supported</source>
        <translation>为 %1；支持 1 到 %2</translation>
    </message>
    <message>
        <source>must be &gt;= 0</source>
        <translation>必须 ≥ 0</translation>
    </message>
    <message>
        <source>&quot;num_hidden_layers&quot;, &quot;vocab_size&quot; and the sizes beside them make a model of more than %1 weights</source>
        <translation>“num_hidden_layers”、“vocab_size”及其旁的各个尺寸给出的模型超过 %1 个权重</translation>
    </message>
    <message>
        <source>&quot;r&quot; must be an integer from 1 to %1</source>
        <translation>“r”必须是 1 到 %1 的整数</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; has values that are not finite; such weights are not saved</source>
        <translation>张量“%1”含有非有限值；这样的权重不予保存</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; is of a type that is not written</source>
        <translation>张量“%1”的类型不能写出</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is there twice</source>
        <translation>“%1”重复出现</translation>
    </message>
    <message>
        <source>model.safetensors is used; model.safetensors.index.json and its shards beside it are not</source>
        <translation>使用 model.safetensors；旁边的 model.safetensors.index.json 及其分片不使用</translation>
    </message>
    <message>
        <source>adapter_model.safetensors is used; adapter_model.bin beside it is not</source>
        <translation>使用 adapter_model.safetensors；旁边的 adapter_model.bin 不使用</translation>
    </message>
    <message>
        <source>its size is not the one that was written</source>
        <translation>其大小与写入时不同</translation>
    </message>
    <message>
        <source>its contents are not those that were written</source>
        <translation>其内容与写入时不同</translation>
    </message>
    <message>
        <source>not the mark of a checkpoint</source>
        <translation>不是检查点的标记</translation>
    </message>
    <message>
        <source>&quot;step&quot; is %1, and the record ends with step %2</source>
        <translation>“step”为 %1，而记录止于第 %2 步</translation>
    </message>
    <message>
        <source>%1; no checkpoint of this run can be used</source>
        <translation>%1；此运行没有可用的检查点</translation>
    </message>
    <message>
        <source>%1 is not used: %2</source>
        <translation>不使用 %1：%2</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is %2; %3 is needed</source>
        <translation>“%1”为 %2；应为%3</translation>
    </message>
    <message>
        <source>an integer from %1 to %2</source>
        <translation>%1 到 %2 的整数</translation>
    </message>
    <message>
        <source>seconds from 0 to 1e12</source>
        <translation>0 到 1e12 的秒数</translation>
    </message>
    <message>
        <source>a list of numbers</source>
        <translation>数的列表</translation>
    </message>
    <message>
        <source>a list of bytes</source>
        <translation>字节的列表</translation>
    </message>
    <message>
        <source>as many numbers as in &quot;z_w&quot;</source>
        <translation>与“z_w”同样多的数</translation>
    </message>
    <message>
        <source>there is no cache folder of this user&apos;s own; reference values are computed anew for each run</source>
        <translation>此用户没有自己的缓存文件夹；参考值在每次运行时重新计算</translation>
    </message>
    <message>
        <source>these reference values are not those of the model; they are computed anew</source>
        <translation>这些参考值不是该模型的；将重新计算</translation>
    </message>
    <message>
        <source>reference values are not kept for other runs: %1</source>
        <translation>参考值不为其他运行保存：%1</translation>
    </message>
    <message>
        <source>no step has a learning rate above 0, so that nothing is learnt: optimizer.warmup_ratio = %1 begins at 0, and there is only %2 step</source>
        <translation>没有学习率大于 0 的步，因此什么也学不到：optimizer.warmup_ratio = %1 从 0 开始，而只有 %2 步</translation>
    </message>
    <message>
        <source>has shape %1 where the configuration needs %2</source>
        <translation>的形状为 %1，而配置需要 %2</translation>
    </message>
    <message>
        <source>neither model.safetensors nor model.safetensors.index.json is there</source>
        <translation>没有 model.safetensors，也没有 model.safetensors.index.json</translation>
    </message>
    <message>
        <source>no &quot;weight_map&quot; object</source>
        <translation>没有“weight_map”对象</translation>
    </message>
    <message>
        <source>the shard of &quot;%1&quot; is not a file name</source>
        <translation>“%1”的分片不是文件名</translation>
    </message>
    <message>
        <source>cannot be mapped</source>
        <translation>无法映射</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>为空</translation>
    </message>
    <message>
        <source>weights kept in 4 bits are not written; merge the adapter into the model that they were made from</source>
        <translation>不写出 4 位权重；请将适配器并入其原始模型</translation>
    </message>
    <message>
        <source>quantisation needs %1, which is not in %2; %3</source>
        <translation>量化需要 %1，而 %2 中没有；%3</translation>
    </message>
    <message>
        <source>%1 cannot be loaded (%2); %3</source>
        <translation>无法加载 %1（%2）；%3</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>未给出原因</translation>
    </message>
    <message>
        <source>%1 has no function %2, so it is not bitsandbytes 0.50&apos;s; %3</source>
        <translation>%1 没有函数 %2，因此不是 bitsandbytes 0.50；%3</translation>
    </message>
    <message>
        <source>run packaging/setup, or set BANDSCOPE_BITSANDBYTES to the folder of bitsandbytes&apos; libraries</source>
        <translation>请运行 packaging/setup，或将 BANDSCOPE_BITSANDBYTES 设为 bitsandbytes 库所在的文件夹</translation>
    </message>
    <message>
        <source>no memory for %1 bytes of paged optimizer states</source>
        <translation>内存不足以容纳 %1 字节的分页优化器状态</translation>
    </message>
    <message>
        <source>a matrix of %1 values is too large for bitsandbytes on CUDA</source>
        <translation>含 %1 个值的矩阵对 CUDA 上的 bitsandbytes 过大</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; has values that are not finite; such weights cannot be quantised</source>
        <translation>张量“%1”含非有限值；此类权重无法量化</translation>
    </message>
    <message>
        <source>is not of type U8</source>
        <translation>的类型不是 U8</translation>
    </message>
    <message>
        <source>does not hold a JSON object</source>
        <translation>的内容不是 JSON 对象</translation>
    </message>
    <message>
        <source>has %1 %2; a power of two from 32 to 4096 is allowed</source>
        <translation>的 %1 为 %2；须为 32 到 4096 的 2 的幂</translation>
    </message>
    <message>
        <source>has %1 elements of type %2 where %3 of type %4 are needed</source>
        <translation>有 %1 个 %2 类型的元素，而需要 %3 个 %4 类型的元素</translation>
    </message>
    <message>
        <source>has values that are not finite</source>
        <translation>含非有限值</translation>
    </message>
    <message>
        <source>has %1 bytes where %2 are needed</source>
        <translation>有 %1 字节，而需要 %2 字节</translation>
    </message>
    <message>
        <source>is stored as 4-bit floats (fp4); nf4 is supported</source>
        <translation>以 4 位浮点（fp4）存储；支持 nf4</translation>
    </message>
    <message>
        <source>is stored quantised in another way than bitsandbytes&apos; nf4</source>
        <translation>的量化存储方式不是 bitsandbytes 的 nf4</translation>
    </message>
    <message>
        <source>has quant_type %1; &quot;nf4&quot; is supported</source>
        <translation>的 quant_type 为 %1；支持“nf4”</translation>
    </message>
    <message>
        <source>is not the nf4 code</source>
        <translation>不是 nf4 编码</translation>
    </message>
    <message>
        <source>has nested_offset %1; a number is needed</source>
        <translation>的 nested_offset 为 %1；须为数字</translation>
    </message>
    <message>
        <source>cannot read %1: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>cannot write %1: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>cannot rewrite %1: %2</source>
        <translation>无法改写 %1：%2</translation>
    </message>
    <message>
        <source>cannot open %1 for writing: %2</source>
        <translation>无法打开 %1 以写入：%2</translation>
    </message>
    <message>
        <source>%1, not a file</source>
        <translation>是%1，不是文件</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>a FIFO</source>
        <translation>命名管道</translation>
    </message>
    <message>
        <source>a socket</source>
        <translation>套接字</translation>
    </message>
    <message>
        <source>a device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>it is larger than %1 MiB, more than such a file needs</source>
        <translation>大于 %1 MiB，超出此类文件所需</translation>
    </message>
    <message>
        <source>nested more than %1 deep at byte %2</source>
        <translation>在第 %2 字节处嵌套超过 %1 层</translation>
    </message>
    <message>
        <source>%1; one object per line is needed</source>
        <translation>%1；须每行一个对象</translation>
    </message>
    <message>
        <source>%1 is of type %2; an object is needed</source>
        <translation>%1 的类型为%2；须为对象</translation>
    </message>
    <message>
        <source>%1 is of type %2; a number is needed</source>
        <translation>%1 的类型为%2；须为数字</translation>
    </message>
    <message>
        <source>log_history is of type %1; a list is needed</source>
        <translation>log_history 的类型为%1；须为列表</translation>
    </message>
    <message>
        <source>%1 has no step</source>
        <translation>%1 没有 step</translation>
    </message>
    <message>
        <source>%1 is %2; a whole number from 0 is needed</source>
        <translation>%1 为 %2；须为不小于 0 的整数</translation>
    </message>
    <message>
        <source>%1 is %2; a number from 0 is needed</source>
        <translation>%1 为 %2；须为不小于 0 的数</translation>
    </message>
    <message>
        <source>%1 holds no step</source>
        <translation>%1 没有任何步</translation>
    </message>
    <message>
        <source>%1 holds more than %2 steps</source>
        <translation>%1 的步数超过 %2</translation>
    </message>
    <message>
        <source>longer than %1 MiB</source>
        <translation>长于 %1 MiB</translation>
    </message>
    <message>
        <source>%1 is empty, not a run record</source>
        <translation>%1 为空，不是运行记录</translation>
    </message>
    <message>
        <source>%1 is not a run record (not an HDF5 file)</source>
        <translation>%1 不是运行记录（不是 HDF5 文件）</translation>
    </message>
    <message>
        <source>the file is damaged (%1)</source>
        <translation>文件已损坏（%1）</translation>
    </message>
    <message>
        <source>the record has no /steps</source>
        <translation>记录中没有 /steps</translation>
    </message>
    <message>
        <source>the file is cut short (%1 of %2 bytes)</source>
        <translation>文件不完整（%2 字节中只有 %1）</translation>
    </message>
    <message>
        <source>the file is cut short (%1 of %2 bytes), %3</source>
        <translation>文件不完整（%2 字节中只有 %1），%3</translation>
    </message>
    <message>
        <source>%1 is an HDF5 file, but not a run record (its attribute format is not &quot;%2&quot;)</source>
        <translation>%1 是 HDF5 文件，但不是运行记录（其属性 format 不是“%2”）</translation>
    </message>
    <message>
        <source>%1 is a run record of version %2; this program reads version %3</source>
        <translation>%1 是版本 %2 的运行记录；本程序读取版本 %3</translation>
    </message>
    <message>
        <source>/status/state is %1; allowed are 0 to 5</source>
        <translation>/status/state 为 %1；允许 0 到 5</translation>
    </message>
    <message>
        <source>%1 whole steps read</source>
        <translation>读到 %1 个完整的步</translation>
    </message>
    <message>
        <source>the writer was killed; %1</source>
        <translation>写入进程被终止；%1</translation>
    </message>
    <message>
        <source>its spec is not valid TOML: %1</source>
        <translation>其配置不是有效的 TOML：%1</translation>
    </message>
    <message>
        <source>%1 is being written by a running process</source>
        <translation>%1 正由运行中的进程写入</translation>
    </message>
    <message>
        <source>%1 is being replaced by another process</source>
        <translation>%1 正被另一进程替换</translation>
    </message>
    <message>
        <source>nothing to repair; %1 steps</source>
        <translation>无需修复；%1 步</translation>
    </message>
    <message>
        <source>repaired; %1 whole steps kept</source>
        <translation>已修复；保留 %1 个完整的步</translation>
    </message>
    <message>
        <source>/%1 has no column step</source>
        <translation>/%1 没有 step 列</translation>
    </message>
    <message>
        <source>the record is closed</source>
        <translation>记录已关闭</translation>
    </message>
    <message>
        <source>the file exists already</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>没有该文件或文件夹</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>权限不足</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>设备上没有剩余空间</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>超出磁盘配额</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>文件系统只读</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>是文件夹</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>不是文件夹</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>文件已存在</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>输入/输出错误</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>打开的文件过多</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>无法分配内存</translation>
    </message>
    <message>
        <source>No such process</source>
        <translation>没有该进程</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>不允许此操作</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>文件过大</translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>连接被拒绝</translation>
    </message>
    <message>
        <source>log r has been %1 the band for %2 steps: %3</source>
        <translation>log r 已连续 %2 步%1解耦带：%3</translation>
    </message>
    <message>
        <source>below</source>
        <translation>低于</translation>
    </message>
    <message>
        <source>above</source>
        <translation>高于</translation>
    </message>
    <message>
        <source>both likelihoods tend to fall (pathway ii)</source>
        <translation>两个似然都趋于下降（路径 ii）</translation>
    </message>
    <message>
        <source>both likelihoods tend to rise (pathway i)</source>
        <translation>两个似然都趋于上升（路径 i）</translation>
    </message>
    <message>
        <source>the scores are nearly parallel (rho %1): the band is only %2 wide</source>
        <translation>两个得分几乎平行（ρ = %1）：解耦带宽仅 %2</translation>
    </message>
    <message>
        <source>the incentive ratio is undefined in %1 micro-batch(es) of this step (d_w %2, d_l %3): alpha comes from the averages</source>
        <translation>本步有 %1 个微批的激励比无定义（d_w %2，d_l %3）：α 取自滑动平均</translation>
    </message>
    <message>
        <source>likelihood displacement: the probe pairs&apos; z_w has fallen by %1 (standard error %2) while their margin rose by %3</source>
        <translation>似然位移：探测样本对的 z_w 下降了 %1（标准误 %2），而其间隔上升了 %3</translation>
    </message>
    <message>
        <source>%1 is not finite; the weights were not updated</source>
        <translation>%1 不是有限值；权重未更新</translation>
    </message>
    <message>
        <source>step %1: %2 is not finite; a lower learning rate may help</source>
        <translation>第 %1 步：%2 不是有限值；降低学习率或有帮助</translation>
    </message>
    <message>
        <source>reward calibration switched on</source>
        <translation>奖励校准已开启</translation>
    </message>
    <message>
        <source>reward calibration switched off</source>
        <translation>奖励校准已关闭</translation>
    </message>
    <message>
        <source>momentum set to %1</source>
        <translation>动量设为 %1</translation>
    </message>
    <message>
        <source>learning rate set to %1</source>
        <translation>学习率设为 %1</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>goes on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>goes on from %1</source>
        <translation>从 %1 继续</translation>
    </message>
    <message>
        <source>goes on with another spec: %1</source>
        <translation>以另一配置继续：%1</translation>
    </message>
    <message>
        <source>%1 (was not set)</source>
        <translation>%1（原未设置）</translation>
    </message>
    <message>
        <source>%1 (was %2)</source>
        <translation>%1（原为 %2）</translation>
    </message>
    <message>
        <source>%1 is not set (was %2)</source>
        <translation>%1 未设置（原为 %2）</translation>
    </message>
    <message>
        <source>stopped before step %1 of %2</source>
        <translation>在第 %1 步（共 %2 步）之前停止</translation>
    </message>
    <message>
        <source>out of memory on %1 with training.micro_batch = %2; %3</source>
        <translation>%1 内存不足（training.micro_batch = %2）；%3</translation>
    </message>
    <message>
        <source>training.micro_batch = %1 fits this step&apos;s pairs</source>
        <translation>training.micro_batch = %1 可容纳本步的样本对</translation>
    </message>
    <message>
        <source>%1; what also takes less: model.dtype = &quot;bfloat16&quot;, model.tuning = &quot;lora&quot; or &quot;qlora&quot;, model.gradient_checkpointing and data.max_length</source>
        <translation>%1；以下也可减少内存：model.dtype = &quot;bfloat16&quot;、model.tuning = &quot;lora&quot; 或 &quot;qlora&quot;、model.gradient_checkpointing 与 data.max_length</translation>
    </message>
    <message>
        <source>that is the least</source>
        <translation>已是最小值</translation>
    </message>
    <message>
        <source>not even 1 fits</source>
        <translation>连 1 也容纳不下</translation>
    </message>
    <message>
        <source>a smaller one may fit</source>
        <translation>更小的值或可容纳</translation>
    </message>
    <message>
        <source>run %1: %2</source>
        <translation>运行 %1：%2</translation>
    </message>
    <message>
        <source>process %1: %2</source>
        <translation>进程 %1：%2</translation>
    </message>
    <message>
        <source>no pipe for another engine: %1</source>
        <translation>无法为另一个引擎建立管道：%1</translation>
    </message>
    <message>
        <source>no further process can be started: %1</source>
        <translation>无法再启动进程：%1</translation>
    </message>
    <message>
        <source>process %1 of %2 lost another one of this run: %3</source>
        <translation>进程 %1（共 %2 个）与本运行的另一进程失去联系：%3</translation>
    </message>
    <message>
        <source>process %1 of %2 did not meet the others at %3:%4: %5</source>
        <translation>进程 %1（共 %2 个）未能在 %3:%4 与其他进程会合：%5</translation>
    </message>
    <message>
        <source>this build has no Gloo, which several processes need: install libgloo-dev and build again</source>
        <translation>此构建不含多进程所需的 Gloo：请安装 libgloo-dev 后重新构建</translation>
    </message>
    <message>
        <source>environment: %1 is &quot;%2&quot;; an integer from %3 to %4 is needed</source>
        <translation>环境变量 %1 为“%2”；须为 %3 到 %4 的整数</translation>
    </message>
    <message>
        <source>environment: %1 is not set; %2</source>
        <translation>环境变量 %1 未设置；%2</translation>
    </message>
    <message>
        <source>environment: MASTER_ADDR is not set; %1</source>
        <translation>环境变量 MASTER_ADDR 未设置；%1</translation>
    </message>
    <message>
        <source>torchrun sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT</source>
        <translation>torchrun 会设置 RANK、WORLD_SIZE、LOCAL_RANK、MASTER_ADDR 与 MASTER_PORT</translation>
    </message>
    <message>
        <source>mpirun sets it</source>
        <translation>mpirun 会设置它</translation>
    </message>
    <message>
        <source>srun sets SLURM_PROCID, SLURM_NTASKS and SLURM_LOCALID</source>
        <translation>srun 会设置 SLURM_PROCID、SLURM_NTASKS 与 SLURM_LOCALID</translation>
    </message>
    <message>
        <source>%1 over several machines needs the address of rank 0&apos;s machine in it</source>
        <translation>%1 跨多台机器时，须在其中给出 rank 0 所在机器的地址</translation>
    </message>
    <message>
        <source>environment: rank %1 of %2 processes; ranks count from 0</source>
        <translation>环境变量：%2 个进程中的 rank %1；rank 从 0 起</translation>
    </message>
    <message>
        <source>%1 steps imported from %2</source>
        <translation>由%2 导入 %1 步</translation>
    </message>
    <message>
        <source>a margin chain %1</source>
        <translation>间隔链 %1</translation>
    </message>
    <message>
        <source>TRL&apos;s trainer state %1</source>
        <translation>TRL 训练器状态 %1</translation>
    </message>
    <message>
        <source>not understood and left out: %1</source>
        <translation>未识别而略去：%1</translation>
    </message>
    <message>
        <source>lines of the same step were averaged</source>
        <translation>同一步的多行已取平均</translation>
    </message>
    <message>
        <source>the whole run took %1 s</source>
        <translation>整个运行用时 %1 秒</translation>
    </message>
    <message>
        <source>the evaluations are those of %1; other sets were left out: %2</source>
        <translation>评估取自 %1；其他集合未采用：%2</translation>
    </message>
    <message>
        <source>the set without a name</source>
        <translation>无名集合</translation>
    </message>
    <message>
        <source>its steps go back once, as after a resume; from there the later values count</source>
        <translation>步数回退一次，如恢复运行之后；此后以较新的值为准</translation>
    </message>
    <message>
        <source>its steps go back %1 times, as after a resume; from there the later values count</source>
        <translation>步数回退 %1 次，如恢复运行之后；此后以较新的值为准</translation>
    </message>
    <message>
        <source>left out, since another name of the same quantity is there: %1</source>
        <translation>未采用，因为同一个量已有另一名称：%1</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be a number</source>
        <translation>“%1”须为数字</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is out of range</source>
        <translation>“%1”超出范围</translation>
    </message>
    <message>
        <source>&quot;%1&quot; must be true or false</source>
        <translation>“%1”须为 true 或 false</translation>
    </message>
    <message>
        <source>not a JSON object</source>
        <translation>不是 JSON 对象</translation>
    </message>
    <message>
        <source>&quot;command&quot; must be a string</source>
        <translation>“command”须为字符串</translation>
    </message>
    <message>
        <source>the path is too long for a socket</source>
        <translation>路径过长，无法用作套接字</translation>
    </message>
    <message>
        <source>no socket</source>
        <translation>没有套接字</translation>
    </message>
    <message>
        <source>the run does not answer</source>
        <translation>运行没有应答</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>no private runtime folder</source>
        <translation>没有私有的运行时文件夹</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>as asked</source>
        <translation>按要求</translation>
    </message>
    <message>
        <source>as asked: %1</source>
        <translation>按要求：%1</translation>
    </message>
    <message>
        <source>a GPU is there: %1</source>
        <translation>有 GPU：%1</translation>
    </message>
    <message>
        <source>the model&apos;s files are not those of process 0; all processes of a run need the same</source>
        <translation>模型文件与进程 0 的不同；同一运行的所有进程须使用相同的文件</translation>
    </message>
    <message>
        <source>cannot be moved aside (%1)</source>
        <translation>无法移开（%1）</translation>
    </message>
    <message>
        <source>is not writable</source>
        <translation>不可写</translation>
    </message>
    <message>
        <source>cannot be made (%1)</source>
        <translation>无法创建（%1）</translation>
    </message>
    <message>
        <source>cannot be made</source>
        <translation>无法创建</translation>
    </message>
    <message>
        <source>cannot be written (%1)</source>
        <translation>无法写入（%1）</translation>
    </message>
    <message>
        <source>cannot be written</source>
        <translation>无法写入</translation>
    </message>
    <message>
        <source>cannot be read (%1)</source>
        <translation>无法读取（%1）</translation>
    </message>
    <message>
        <source>not a trainer state</source>
        <translation>不是训练器状态</translation>
    </message>
    <message>
        <source>%1: key &quot;%2&quot; %3</source>
        <translation>%1：键“%2”%3</translation>
    </message>
    <message>
        <source>key &quot;%1&quot;: %2</source>
        <translation>键“%1”：%2</translation>
    </message>
    <message>
        <source>is unknown; the nearest known key is &quot;%1&quot;</source>
        <translation>未知；最接近的已知键为“%1”</translation>
    </message>
    <message>
        <source>is unknown; the nearest known key is &quot;%1&quot;; %2 has %3</source>
        <translation>未知；最接近的已知键为“%1”；%2的参数：%3</translation>
    </message>
    <message>
        <source>is %1; it takes %2</source>
        <translation>为 %1；应为%2</translation>
    </message>
    <message>
        <source>is %1 and does not divide &quot;training.batch_size&quot;, which is %2</source>
        <translation>为 %1，不能整除“training.batch_size”（%2）</translation>
    </message>
    <message>
        <source>and &quot;training.epochs&quot; are both given; only one of them is allowed</source>
        <translation>与“training.epochs”不能同时给出；只允许其一</translation>
    </message>
    <message>
        <source>is true; it needs &quot;scores.scope&quot; to be &quot;all&quot;</source>
        <translation>为 true 时，“scores.scope”须为“all”</translation>
    </message>
    <message>
        <source>is given; it needs &quot;model.tuning&quot; to be &quot;lora&quot; or &quot;qlora&quot;</source>
        <translation>已给出，此时“model.tuning”须为“lora”或“qlora”</translation>
    </message>
    <message>
        <source>is for the objective &quot;formula&quot; only; &quot;%1&quot; has %2</source>
        <translation>仅用于目标函数“formula”；“%1”的参数：%2</translation>
    </message>
    <message>
        <source>is no parameter of %1, which has %2</source>
        <translation>不是%1的参数；其参数：%2</translation>
    </message>
    <message>
        <source>the formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>objective &quot;%1&quot;</source>
        <translation>目标函数“%1”</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>at character %1 (&quot;%2&quot;)</source>
        <translation>第 %1 个字符处（“%2”）</translation>
    </message>
    <message>
        <source>is missing: %1</source>
        <translation>缺失：%1</translation>
    </message>
    <message>
        <source>is missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>is missing; the objective &quot;formula&quot; takes its loss there</source>
        <translation>缺失；目标函数“formula”的损失由此给出</translation>
    </message>
    <message>
        <source>is given twice, first in line %1</source>
        <translation>重复给出，首次在第 %1 行</translation>
    </message>
    <message>
        <source>makes the sweep larger than %1 runs</source>
        <translation>使扫描超过 %1 个运行</translation>
    </message>
    <message>
        <source>a table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>a table of lists</source>
        <translation>由列表组成的表</translation>
    </message>
    <message>
        <source>a list of values to sweep</source>
        <translation>待扫描取值的列表</translation>
    </message>
    <message>
        <source>a date or time</source>
        <translation>日期或时间</translation>
    </message>
    <message>
        <source>an integer</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>an integer %1</source>
        <translation>整数，%1</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a number %1</source>
        <translation>数字，%1</translation>
    </message>
    <message>
        <source>a string</source>
        <translation>字符串</translation>
    </message>
    <message>
        <source>a string: %1</source>
        <translation>字符串：%1</translation>
    </message>
    <message>
        <source>a path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>a path %1</source>
        <translation>路径，%1</translation>
    </message>
    <message>
        <source>a list of %1</source>
        <translation>列表：%1</translation>
    </message>
    <message>
        <source>not empty</source>
        <translation>不能为空</translation>
    </message>
    <message>
        <source>names of projections</source>
        <translation>投影的名称</translation>
    </message>
    <message>
        <source>two numbers &gt;= 0 and &lt; 1</source>
        <translation>两个数字，≥ 0 且 &lt; 1</translation>
    </message>
    <message>
        <source>&gt;= %1 and &lt; %2</source>
        <translation>≥ %1 且 &lt; %2</translation>
    </message>
    <message>
        <source>&gt;= %1 and &lt;= %2</source>
        <translation>≥ %1 且 ≤ %2</translation>
    </message>
    <message>
        <source>&gt; %1 and &lt; %2</source>
        <translation>&gt; %1 且 &lt; %2</translation>
    </message>
    <message>
        <source>&gt; %1 and &lt;= %2</source>
        <translation>&gt; %1 且 ≤ %2</translation>
    </message>
    <message>
        <source>&gt;= %1</source>
        <translation>≥ %1</translation>
    </message>
    <message>
        <source>&lt;= %1</source>
        <translation>≤ %1</translation>
    </message>
    <message>
        <source>&gt; %1</source>
        <translation>&gt; %1</translation>
    </message>
    <message>
        <source>&lt; %1</source>
        <translation>&lt; %1</translation>
    </message>
    <message>
        <source>a folder name: no / \ : * ? &quot; &lt; &gt; |, no leading dot, at most 200 bytes</source>
        <translation>文件夹名：不含 / \ : * ? &quot; &lt; &gt; |，不以点开头，至多 200 字节</translation>
    </message>
    <message>
        <source>there is no objective &quot;%1&quot;</source>
        <translation>没有目标函数“%1”</translation>
    </message>
    <message>
        <source>the formula&apos;s parameter &quot;%1&quot; has no value</source>
        <translation>公式的参数“%1”没有值</translation>
    </message>
    <message>
        <source>the formula has %1 characters; allowed are %2</source>
        <translation>公式有 %1 个字符；至多 %2 个</translation>
    </message>
    <message>
        <source>the formula is wrong %1: %2</source>
        <translation>公式在%1有误：%2</translation>
    </message>
    <message>
        <source>an operator or the end was expected</source>
        <translation>此处应为运算符或结尾</translation>
    </message>
    <message>
        <source>it is nested more than %1 deep</source>
        <translation>嵌套超过 %1 层</translation>
    </message>
    <message>
        <source>a power is written with ^</source>
        <translation>幂用 ^ 表示</translation>
    </message>
    <message>
        <source>&quot;)&quot; was expected</source>
        <translation>此处应为“)”</translation>
    </message>
    <message>
        <source>a number, a name or &quot;(&quot; was expected, and the formula ends</source>
        <translation>此处应为数字、名称或“(”，而公式已结束</translation>
    </message>
    <message>
        <source>a number, a name or &quot;(&quot; was expected</source>
        <translation>此处应为数字、名称或“(”</translation>
    </message>
    <message>
        <source>this is no number that fits</source>
        <translation>这不是可用的数字</translation>
    </message>
    <message>
        <source>an operator was expected after a number</source>
        <translation>数字之后应为运算符</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is a function, so &quot;(&quot; was expected</source>
        <translation>“%1”是函数，其后应为“(”</translation>
    </message>
    <message>
        <source>there is no such function; there are %1</source>
        <translation>没有此函数；可用的有 %1</translation>
    </message>
    <message>
        <source>this name is a key of [objective] and cannot be a parameter</source>
        <translation>此名称是 [objective] 的键，不能作为参数</translation>
    </message>
    <message>
        <source>&quot;%1&quot; takes %2, so &quot;%3&quot; was expected</source>
        <translation>“%1”有%2，此处应为“%3”</translation>
    </message>
    <message>
        <source>%1 argument</source>
        <translation> %1 个参数</translation>
    </message>
    <message>
        <source>%1 arguments</source>
        <translation> %1 个参数</translation>
    </message>
    <message>
        <source>this is a folder; a run spec is a TOML file</source>
        <translation>这是文件夹；运行配置是 TOML 文件</translation>
    </message>
    <message>
        <source>the run spec cannot be read; is there such a file, and may it be read?</source>
        <translation>无法读取运行配置；该文件是否存在，是否有读取权限？</translation>
    </message>
    <message>
        <source>this is no run spec; one has at most 1 MiB</source>
        <translation>这不是运行配置；运行配置至多 1 MiB</translation>
    </message>
    <message>
        <source>this is not TOML: %1</source>
        <translation>不是 TOML：%1</translation>
    </message>
    <message>
        <source>--set takes KEY=VALUE with a dotted key, for instance optimizer.learning_rate=1e-6; &quot;%1&quot; is no key</source>
        <translation>--set 的形式为 KEY=VALUE，键以点分隔，如 optimizer.learning_rate=1e-6；“%1”不是键</translation>
    </message>
    <message>
        <source>%1 is neither a TOML value nor a bare word</source>
        <translation>%1 既不是 TOML 值，也不是单个词</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not usable: %2; &quot;cpu&quot; or &quot;auto&quot; is</source>
        <translation>“%1”不可用：%2；可用“cpu”或“auto”</translation>
    </message>
    <message>
        <source>there is no &quot;%1&quot; on this machine; cuda:0 to cuda:%2 are</source>
        <translation>此机器上没有“%1”；可用 cuda:0 至 cuda:%2</translation>
    </message>
    <message>
        <source>no NVIDIA driver or no GPU on this machine</source>
        <translation>此机器上没有 NVIDIA 驱动或没有 GPU</translation>
    </message>
    <message>
        <source>this build has no CUDA module</source>
        <translation>此构建不含 CUDA 模块</translation>
    </message>
    <message>
        <source>LibTorch&apos;s CUDA part cannot be loaded: %1</source>
        <translation>无法加载 LibTorch 的 CUDA 部分：%1</translation>
    </message>
    <message>
        <source>%1 is not Bandscope&apos;s CUDA module</source>
        <translation>%1 不是 Bandscope 的 CUDA 模块</translation>
    </message>
    <message>
        <source>%1 does not divide into micro-batches of %2 for %3 processes</source>
        <translation>%1 不能为 %3 个进程划分成大小为 %2 的微批</translation>
    </message>
    <message>
        <source>this reference model (model.reference) has a vocabulary of %1 entries where the model %2 has %3</source>
        <translation>此参考模型（model.reference）的词表有 %1 项，而模型 %2 有 %3 项</translation>
    </message>
    <message>
        <source>a finished run &quot;%1&quot; is in %2; choose another name, or set run.resume = true</source>
        <translation>%2 中已有完成的运行“%1”；请另选名称，或设 run.resume = true</translation>
    </message>
    <message>
        <source>this model has no projection &quot;%1&quot;; it has %2</source>
        <translation>此模型没有投影“%1”；有 %2</translation>
    </message>
    <message>
        <source>--devices %1: &quot;%2&quot; is none; allowed are %3, with commas between them</source>
        <translation>--devices %1：“%2”不是设备；可用 %3，以逗号分隔</translation>
    </message>
    <message>
        <source>--devices: a list is needed, e.g. cuda:0,cuda:1</source>
        <translation>--devices：须为列表，如 cuda:0,cuda:1</translation>
    </message>
    <message>
        <source>--jobs %1: at least 1 is needed</source>
        <translation>--jobs %1：至少为 1</translation>
    </message>
    <message>
        <source>the device &quot;%1&quot; is not usable here, so that no time was measured</source>
        <translation>设备“%1”在此不可用，因此没有实测时间</translation>
    </message>
    <message>
        <source>the model folder has no tokenizer.json: every pair is taken to have the %1 + %2 + %3 ids that data.max_length and data.max_prompt_length allow</source>
        <translation>模型文件夹没有 tokenizer.json：按 data.max_length 与 data.max_prompt_length 允许的 %1 + %2 + %3 个词元计每个样本对</translation>
    </message>
    <message>
        <source>lengths and usable rows are those of the first %1 pairs</source>
        <translation>长度与可用行数取自前 %1 个样本对</translation>
    </message>
    <message>
        <source>the model folder has no weights or no tokenizer.json, so that no time was measured</source>
        <translation>模型文件夹没有权重或没有 tokenizer.json，因此没有实测时间</translation>
    </message>
    <message>
        <source>%1 GiB are needed where %2 GiB are free, so that no time was measured</source>
        <translation>需要 %1 GiB 而只有 %2 GiB 空闲，因此没有实测时间</translation>
    </message>
    <message>
        <source>no time was measured: %1</source>
        <translation>没有实测时间：%1</translation>
    </message>
    <message>
        <source>time follows from %1; checkpoints are not in it</source>
        <translation>时间由%1推算；不含写检查点</translation>
    </message>
    <message>
        <source>%1 on one process, shared evenly</source>
        <translation>单个进程上的%1均分</translation>
    </message>
    <message>
        <source>%1: measuring some steps</source>
        <translation>%1：正在实测若干步</translation>
    </message>
    <message>
        <source>%1 is %2, a list is needed</source>
        <translation>%1 为%2，须为列表</translation>
    </message>
    <message>
        <source>%1 is %2, an object is needed</source>
        <translation>%1 为%2，须为对象</translation>
    </message>
    <message>
        <source>%1 lacks the key &quot;%2&quot;</source>
        <translation>%1 缺少键“%2”</translation>
    </message>
    <message>
        <source>%1 is %2, allowed are %3 to %4</source>
        <translation>%1 为 %2，允许 %3 到 %4</translation>
    </message>
    <message>
        <source>%1 is %2, %3 is needed</source>
        <translation>%1 为%2，须为%3</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>boolean</source>
        <translation>布尔值</translation>
    </message>
    <message>
        <source>array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>string</source>
        <translation>字符串</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>%1 of type &quot;%2&quot; is not supported, BPE is needed</source>
        <translation>不支持类型为“%2”的 %1，须为 BPE</translation>
    </message>
    <message>
        <source>%1 is not supported: ids would be random</source>
        <translation>不支持 %1：词元会是随机的</translation>
    </message>
    <message>
        <source>%1 is not supported</source>
        <translation>不支持 %1</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; is not in the vocabulary</source>
        <translation>%1“%2”不在词表中</translation>
    </message>
    <message>
        <source>%1 %2 is not in the vocabulary</source>
        <translation>%1 %2 不在词表中</translation>
    </message>
    <message>
        <source>%1 is not two tokens with one space between them</source>
        <translation>%1 不是以一个空格分隔的两个词元</translation>
    </message>
    <message>
        <source>%1 is %2, &quot;a b&quot; or [&quot;a&quot;, &quot;b&quot;] is needed</source>
        <translation>%1 为%2，须为 &quot;a b&quot; 或 [&quot;a&quot;, &quot;b&quot;]</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not in the vocabulary</source>
        <translation>“%1”不在词表中</translation>
    </message>
    <message>
        <source>the vocabulary is empty</source>
        <translation>词表为空</translation>
    </message>
    <message>
        <source>the tokenizer&apos;s decoder makes text grow without bound</source>
        <translation>分词器的解码器使文本无限增长</translation>
    </message>
    <message>
        <source>the tokenizer&apos;s normalizer makes text grow without bound</source>
        <translation>分词器的规范化使文本无限增长</translation>
    </message>
    <message>
        <source>%1 is empty, one character is needed</source>
        <translation>%1 为空，须为一个字符</translation>
    </message>
    <message>
        <source>%1 is nested more than 16 deep</source>
        <translation>%1 的嵌套超过 16 层</translation>
    </message>
    <message>
        <source>%1 of type &quot;%2&quot; is not supported; known are %3</source>
        <translation>不支持类型为“%2”的 %1；已知的有 %3</translation>
    </message>
    <message>
        <source>text cannot be normalised: %1</source>
        <translation>文本无法规范化：%1</translation>
    </message>
    <message>
        <source>%1 &quot;%2&quot; is not known; allowed are %3</source>
        <translation>%1“%2”未知；允许 %3</translation>
    </message>
    <message>
        <source>a step after ByteLevel is not supported, it has to be the last</source>
        <translation>不支持 ByteLevel 之后的步骤，它须为最后一步</translation>
    </message>
    <message>
        <source>the regular expression &quot;%1&quot; is not understood: %2</source>
        <translation>无法理解正则表达式“%1”：%2</translation>
    </message>
    <message>
        <source>regular expression &quot;%1&quot; failed on a text of %2 bytes: %3</source>
        <translation>正则表达式“%1”在 %2 字节的文本上失败：%3</translation>
    </message>
    <message>
        <source>regular expression &quot;%1&quot; matches backwards, which a tokenizer cannot use</source>
        <translation>正则表达式“%1”反向匹配，分词器无法使用</translation>
    </message>
    <message>
        <source>%1 has no entry named &quot;default&quot;</source>
        <translation>%1 中没有名为“default”的项</translation>
    </message>
    <message>
        <source>chat template, line %1: %2</source>
        <translation>对话模板第 %1 行：%2</translation>
    </message>
    <message>
        <source>the template refuses these messages: %1</source>
        <translation>模板拒绝这些消息：%1</translation>
    </message>
    <message>
        <source>the filter &quot;%1&quot; is not supported</source>
        <translation>不支持过滤器“%1”</translation>
    </message>
    <message>
        <source>the test &quot;%1&quot; is not supported</source>
        <translation>不支持测试“%1”</translation>
    </message>
    <message>
        <source>the tag &quot;%1&quot; is not supported, or closes nothing here</source>
        <translation>不支持标签“%1”，或它在此处没有可关闭的内容</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is undefined</source>
        <translation>“%1”未定义</translation>
    </message>
    <message>
        <source>found %1 where %2 is needed</source>
        <translation>此处为%1，须为%2</translation>
    </message>
    <message>
        <source>an expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>the end of the template</source>
        <translation>模板的结尾</translation>
    </message>
    <message>
        <source>text or a tag</source>
        <translation>文本或标签</translation>
    </message>
    <message>
        <source>division by zero</source>
        <translation>除以零</translation>
    </message>
    <message>
        <source>a string is not closed</source>
        <translation>字符串未结束</translation>
    </message>
    <message>
        <source>the template takes too many steps</source>
        <translation>模板执行步数过多</translation>
    </message>
    <message>
        <source>the template nests too deep while it runs</source>
        <translation>模板执行时嵌套过深</translation>
    </message>
    <message>
        <source>the template is larger than %1 bytes</source>
        <translation>模板大于 %1 字节</translation>
    </message>
    <message>
        <source>an expression is nested too deep</source>
        <translation>表达式嵌套过深</translation>
    </message>
    <message>
        <source>blocks are nested too deep</source>
        <translation>块嵌套过深</translation>
    </message>
    <message>
        <source>--from and --to name the weights of one run; %1 are given</source>
        <translation>--from 与 --to 指定单个运行的权重；却给出了 %1 个</translation>
    </message>
    <message>
        <source>%1 holds no data file; %2</source>
        <translation>%1 中没有数据文件；%2</translation>
    </message>
    <message>
        <source>%1; its folder %2 holds some</source>
        <translation>%1；其中的文件夹 %2 里有</translation>
    </message>
    <message>
        <source>allowed is a folder of one data set, with files of one ending (%1), or one such file</source>
        <translation>须为单个数据集的文件夹，其中文件为同一种扩展名（%1），或单个此类文件</translation>
    </message>
    <message>
        <source>%1 holds files of several kinds (%2); %3</source>
        <translation>%1 中有多种文件（%2）；%3</translation>
    </message>
    <message>
        <source>%1 holds %2 of the %3 shards of %4: number %5 is missing</source>
        <translation>%1 中只有 %4 的 %3 个分片中的 %2 个：缺第 %5 个</translation>
    </message>
    <message>
        <source>the folder cannot be read (%1)</source>
        <translation>无法读取该文件夹（%1）</translation>
    </message>
    <message>
        <source>%1, row %2 there: %3</source>
        <translation>%1 中第 %2 行：%3</translation>
    </message>
    <message>
        <source>%1 of the %2 probe pairs are also training pairs: held-out figures would flatter</source>
        <translation>%2 个探测样本对中有 %1 个也是训练样本对：留出集的数值会偏好看</translation>
    </message>
    <message>
        <source>%1: key &quot;%2&quot;: %3</source>
        <translation>%1：键“%2”：%3</translation>
    </message>
    <message>
        <source>the settings name %1, which is not a program that can be run</source>
        <translation>设置中指定的 %1 不是可运行的程序</translation>
    </message>
    <message>
        <source>%1 is not a program that can be run</source>
        <translation>%1 不是可运行的程序</translation>
    </message>
    <message>
        <source>the prompt of %1 ids leaves no room for a response in data.max_length = %2</source>
        <translation>提示有 %1 个词元，在 data.max_length = %2 内没有留给回复的空间</translation>
    </message>
    <message>
        <source>%1 of %2 pairs are longer than the %3 positions of the model (the longest has %4 ids); data.max_length cuts them</source>
        <translation>%2 个样本对中有 %1 个长于模型的 %3 个位置（最长的有 %4 个词元）；data.max_length 可将其截短</translation>
    </message>
    <message>
        <source>no probe is evaluated: probe.every is set, data.probe is not</source>
        <translation>不评估探测集：设置了 probe.every，但未设置 data.probe</translation>
    </message>
    <message>
        <source>no probe is evaluated: data.probe is set, probe.every is 0</source>
        <translation>不评估探测集：设置了 data.probe，但 probe.every 为 0</translation>
    </message>
    <message>
        <source>%1 holds no numbers of 4 or 8 bytes</source>
        <translation>%1 不是 4 或 8 字节的数</translation>
    </message>
    <message>
        <source>%1 holds no whole numbers of 1, 2, 4 or 8 bytes</source>
        <translation>%1 不是 1、2、4 或 8 字节的整数</translation>
    </message>
    <message>
        <source>%1 holds no texts of fixed length</source>
        <translation>%1 不是定长文本</translation>
    </message>
    <message>
        <source>%1 declares texts of %2 bytes; at most %3 are read</source>
        <translation>%1 声明了 %2 字节的文本；最多读取 %3 字节</translation>
    </message>
    <message>
        <source>%1 declares %2 bytes, but the file holds %3</source>
        <translation>%1 声明了 %2 字节，而文件只有 %3 字节</translation>
    </message>
    <message>
        <source>%1 declares %2 names; at most %3 are read</source>
        <translation>%1 声明了 %2 个名称；最多读取 %3 个</translation>
    </message>
    <message>
        <source>%1 declares %2 names of %3 bytes, but the file holds %4 bytes</source>
        <translation>%1 声明了 %2 个各 %3 字节的名称，而文件只有 %4 字节</translation>
    </message>
    <message>
        <source>it declares %1 steps and %2 pairs, but the file holds %3 bytes</source>
        <translation>它声明了 %1 步和 %2 个样本对，而文件只有 %3 字节</translation>
    </message>
    <message>
        <source>%1 has %2 dimensions; at most %3 are read</source>
        <translation>%1 有 %2 维；最多读取 %3 维</translation>
    </message>
    <message>
        <source>%1 has %2 dimensions; %3 are needed</source>
        <translation>%1 有 %2 维；需要 %3 维</translation>
    </message>
    <message>
        <source>%1 has %2 columns; %3 are named</source>
        <translation>%1 有 %2 列；命名了 %3 列</translation>
    </message>
    <message>
        <source>%1 keeps its values in other files</source>
        <translation>%1 的值在别的文件里</translation>
    </message>
    <message>
        <source>%1 is a view of other datasets</source>
        <translation>%1 是其他数据集的视图</translation>
    </message>
    <message>
        <source>%1 has an unknown layout</source>
        <translation>%1 的布局未知</translation>
    </message>
    <message>
        <source>%1 is compressed or filtered, which records are not (h5repack -f NONE undoes it)</source>
        <translation>%1 经过压缩或过滤，而运行记录不会（h5repack -f NONE 可还原）</translation>
    </message>
    <message>
        <source>%1 has chunks of more than 64 MiB</source>
        <translation>%1 的块超过 64 MiB</translation>
    </message>
    <message>
        <source>%1 is a link to another place; a record holds what it holds</source>
        <translation>%1 是指向别处的链接；运行记录只包含自身的内容</translation>
    </message>
    <message>
        <source>there is no %1</source>
        <translation>没有 %1</translation>
    </message>
    <message>
        <source>there is no dataset %1</source>
        <translation>没有数据集 %1</translation>
    </message>
    <message>
        <source>%1 is no group</source>
        <translation>%1 不是组</translation>
    </message>
    <message>
        <source>%1 is no dataset</source>
        <translation>%1 不是数据集</translation>
    </message>
    <message>
        <source>%1 is not a single value</source>
        <translation>%1 不是单个值</translation>
    </message>
    <message>
        <source>%1 is shorter than its table</source>
        <translation>%1 比它的表短</translation>
    </message>
    <message>
        <source>the attribute %1 is not a single text</source>
        <translation>属性 %1 不是单个文本</translation>
    </message>
    <message>
        <source>the attribute %1 is not a single number</source>
        <translation>属性 %1 不是单个数</translation>
    </message>
    <message>
        <source>a path is no name</source>
        <translation>路径不是名称</translation>
    </message>
    <message>
        <source>its path is too long</source>
        <translation>它的路径太长</translation>
    </message>
    <message>
        <source>no process could be made to look at it first</source>
        <translation>无法先用一个独立进程查看它</translation>
    </message>
    <message>
        <source>reading it takes more memory than a record of its size needs</source>
        <translation>读取它所需的内存超过这样大小的记录所需</translation>
    </message>
    <message>
        <source>the file is damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>the file is damaged (reading it does not come to an end)</source>
        <translation>文件已损坏（读取不会结束）</translation>
    </message>
    <message>
        <source>the file is damaged (the HDF5 library fails on it: %1)</source>
        <translation>文件已损坏（HDF5 库在其上出错：%1）</translation>
    </message>
    <message>
        <source>the values of %1 steps are not those that were written, first at step %2</source>
        <translation>%1 步的值与写入时不同，首先在第 %2 步</translation>
    </message>
    <message>
        <source>is an empty table, which sets nothing</source>
        <translation>是空表，不设置任何内容</translation>
    </message>
    <message>
        <source>is %1; a path has at most %2 bytes, %3 in each of its names, and no zero byte</source>
        <translation>是 %1；路径最多 %2 字节，其中每个名称最多 %3 字节，且不含零字节</translation>
    </message>
    <message>
        <source>the run &quot;%1&quot; in %2 %3</source>
        <translation>%2 中的运行“%1”%3</translation>
    </message>
    <message>
        <source>is still going on%1</source>
        <translation>仍在进行%1</translation>
    </message>
    <message>
        <source>is being started by another process at this moment</source>
        <translation>正由另一个进程启动</translation>
    </message>
    <message>
        <source>may still be going on at another host%1: its last sign of life is %2 s old, and it counts as ended after %3 s</source>
        <translation>可能仍在另一台主机上进行%1：最近一次活动迹象是 %2 秒前，超过 %3 秒才算已结束</translation>
    </message>
    <message>
        <source>tokenizer_config.json has add_bos_token = %1, but the post-processor of tokenizer.json adds the BOS token: it counts, as in transformers 5</source>
        <translation>tokenizer_config.json 的 add_bos_token = %1，但 tokenizer.json 的后处理器会添加 BOS 词元：以后者为准，与 transformers 5 相同</translation>
    </message>
    <message>
        <source>tokenizer_config.json has add_bos_token = %1, but the post-processor of tokenizer.json adds no BOS token: it counts, as in transformers 5</source>
        <translation>tokenizer_config.json 的 add_bos_token = %1，但 tokenizer.json 的后处理器不添加 BOS 词元：以后者为准，与 transformers 5 相同</translation>
    </message>
    <message>
        <source>a space is put before the text, as add_prefix_space of tokenizer_config.json (%1) says; tokenizer.json says otherwise</source>
        <translation>按 tokenizer_config.json（%1）的 add_prefix_space 在文本前加空格；tokenizer.json 的设置与之不同</translation>
    </message>
    <message>
        <source>no space is put before the text, as add_prefix_space of tokenizer_config.json (%1) says; tokenizer.json says otherwise</source>
        <translation>按 tokenizer_config.json（%1）的 add_prefix_space 不在文本前加空格；tokenizer.json 的设置与之不同</translation>
    </message>
    <message>
        <source>%1 is a folder of the hub&apos;s cache; name the folder below its snapshots that holds tokenizer.json</source>
        <translation>%1 是 hub 缓存的文件夹；请指定其 snapshots 之下含有 tokenizer.json 的文件夹</translation>
    </message>
    <message>
        <source>a message cannot be given to the chat template: %1</source>
        <translation>有一条消息无法交给对话模板：%1</translation>
    </message>
    <message>
        <source>%1: the run&apos;s folder was moved while the run went on; its record is now %2</source>
        <translation>%1：运行进行时其文件夹被移动；记录现在是 %2</translation>
    </message>
    <message>
        <source>%1: another record took the place of the run&apos;s own while the run went on</source>
        <translation>%1：运行进行时另一份记录取代了它自己的记录</translation>
    </message>
    <message>
        <source>%1: the run&apos;s record was deleted while the run went on</source>
        <translation>%1：运行进行时其记录被删除</translation>
    </message>
    <message>
        <source>%1: the run&apos;s folder was deleted while the run went on</source>
        <translation>%1：运行进行时其文件夹被删除</translation>
    </message>
    <message>
        <source>stopped before the last evaluation of the probe</source>
        <translation>在最后一次探测评估之前停止</translation>
    </message>
    <message>
        <source>the values of step %1 are not those that were written</source>
        <translation>第 %1 步的值与写入时不同</translation>
    </message>
    <message>
        <source>%1 has no extent</source>
        <translation>%1 没有大小</translation>
    </message>
    <message>
        <source>too many commands are waiting; the run takes them between its steps</source>
        <translation>等待的命令太多；运行在步与步之间接收命令</translation>
    </message>
    <message>
        <source>the answer has no end</source>
        <translation>应答没有结尾</translation>
    </message>
    <message>
        <source>%1 is a folder of the hub&apos;s cache; name the folder below its snapshots that holds the files</source>
        <translation>%1 是 hub 缓存的文件夹；请指定其 snapshots 之下含有这些文件的文件夹</translation>
    </message>
    <message>
        <source>%1 holds no data set &quot;%2&quot;; there are %3 (data.split names one)</source>
        <translation>%1 没有数据集“%2”；有 %3（data.split 指定其一）</translation>
    </message>
    <message>
        <source>%1 holds more than one data set (%2); %3, or data.split names one of the sets</source>
        <translation>%1 含有不止一个数据集（%2）；%3，或由 data.split 指定其一</translation>
    </message>
    <message>
        <source>%1 is no folder, so that data.split = &quot;%2&quot; cannot name a set of it</source>
        <translation>%1 不是文件夹，data.split = &quot;%2&quot; 无法指定其中的集合</translation>
    </message>
    <message>
        <source>%1 seems to be UTF-16 text (it has zero bytes); save it as UTF-8</source>
        <translation>%1 似乎是 UTF-16 文本（含有零字节）；请另存为 UTF-8</translation>
    </message>
    <message>
        <source>%1 seems to be UTF-16 text (it begins with its byte-order mark); save it as UTF-8</source>
        <translation>%1 似乎是 UTF-16 文本（以其字节序标记开头）；请另存为 UTF-8</translation>
    </message>
    <message>
        <source>%1 holds one JSON list, not a row on each line; name it .json</source>
        <translation>%1 含有一个 JSON 列表，而不是每行一条；请命名为 .json</translation>
    </message>
    <message>
        <source>%1 holds a JSON object over several lines; needed is a row on each line (.jsonl), or a list of rows (.json): where the rows are in one of its fields, save that list alone</source>
        <translation>%1 含有一个跨多行的 JSON 对象；需要每行一条（.jsonl），或由各行组成的列表（.json）：若各行在它的某个字段里，请单独保存该列表</translation>
    </message>
    <message>
        <source>%1.tool_calls is %2, a list is needed</source>
        <translation>%1.tool_calls 是%2，需要列表</translation>
    </message>
    <message>
        <source>&quot;tools&quot; is a text that is not valid JSON, a list of functions is needed</source>
        <translation>&quot;tools&quot; 是无效 JSON 的文本，需要函数的列表</translation>
    </message>
    <message>
        <source>&quot;tools&quot; is %1, a list of functions is needed</source>
        <translation>&quot;tools&quot; 是%1，需要函数的列表</translation>
    </message>
    <message>
        <source>%1 has an empty response: the chat template writes nothing of it behind the prompt</source>
        <translation>%1 的回答为空：对话模板在提示之后没有写出它的任何内容</translation>
    </message>
    <message>
        <source>the model&apos;s chat template cannot be used for this pair: it writes the prompt in another way once an answer follows</source>
        <translation>模型的对话模板不能用于此样本对：有回答跟随时它以另一种方式写出提示</translation>
    </message>
    <message>
        <source>%1: more than %2 MiB are needed at once to read it; write it with smaller row groups (row_group_size)</source>
        <translation>%1：读取时一次需要超过 %2 MiB；请用较小的行组（row_group_size）写出</translation>
    </message>
    <message>
        <source>%1: its sizes are beyond what can be read</source>
        <translation>%1：其大小超出可读取的范围</translation>
    </message>
    <message>
        <source>unknown command &quot;%1&quot;; %2 are known</source>
        <translation>未知命令“%1”；可用的有 %2</translation>
    </message>
    <message>
        <source>a command is needed; %1 are known</source>
        <translation>需要一个命令；可用的有 %1</translation>
    </message>
    <message>
        <source>%1 takes no value</source>
        <translation>%1 不带值</translation>
    </message>
    <message>
        <source>%1 needs on or off</source>
        <translation>%1 需要 on 或 off</translation>
    </message>
    <message>
        <source>%1 needs a number</source>
        <translation>%1 需要一个数</translation>
    </message>
    <message>
        <source>%1: the settings that were changed must be an object</source>
        <translation>%1：被更改的设置必须是对象</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is no setting that can be changed while a run goes</source>
        <translation>%1：“%2”不是运行期间可以更改的设置</translation>
    </message>
    <message>
        <source>SHA-256 cannot be computed by the OpenSSL library of this machine</source>
        <translation>本机的 OpenSSL 库无法计算 SHA-256</translation>
    </message>
    <message>
        <source>the name of a set of the folder, at most 200 bytes</source>
        <translation>文件夹中某一组的名称，至多 200 字节</translation>
    </message>
    <message>
        <source>would lie around other runs (%1); choose another name</source>
        <translation>会把其他运行（%1）包在里面；请换一个名称</translation>
    </message>
    <message>
        <source>holds other runs (%1), which cannot be moved aside with it; choose another name</source>
        <translation>里还有其他运行（%1），不能随它一起移开；请换一个名称</translation>
    </message>
    <message>
        <source>byte-level BPE</source>
        <translation>字节级 BPE</translation>
    </message>
    <message>
        <source>BPE with byte fallback</source>
        <translation>带字节回退的 BPE</translation>
    </message>
    <message>
        <source>the incentive ratio is undefined in %1 micro-batch(es) of this step (d_w %2, d_l %3)</source>
        <translation>本步有 %1 个微批的激励比无定义（d_w %2，d_l %3）</translation>
    </message>
    <message>
        <source>cannot start the engine %1: %2</source>
        <translation>无法启动引擎 %1：%2</translation>
    </message>
    <message>
        <source>no command or file %1; did you mean %2? Commands are inspect, export and import</source>
        <translation>没有命令或文件 %1；是否指 %2？命令有 inspect、export 和 import</translation>
    </message>
    <message>
        <source>--batch takes one spec; %1 is too much (several --set are allowed)</source>
        <translation>--batch 只接受一个运行规格；%1 多余（可以有多个 --set）</translation>
    </message>
    <message>
        <source>no figure &quot;%1&quot;; allowed are %2</source>
        <translation>没有图“%1”；可用的有 %2</translation>
    </message>
    <message>
        <source>no figure &quot;%1&quot; (did you mean %2?); allowed are %3</source>
        <translation>没有图“%1”（是否指 %2？）；可用的有 %3</translation>
    </message>
    <message>
        <source>cannot write the summary to the standard output</source>
        <translation>无法把摘要写到标准输出</translation>
    </message>
    <message>
        <source>key &quot;state&quot; is &quot;%1&quot;; allowed: waiting, starting, running, failed</source>
        <translation>键“state”为“%1”；可用：waiting、starting、running、failed</translation>
    </message>
    <message>
        <source>something else</source>
        <translation>别的东西</translation>
    </message>
    <message>
        <source>%1, %2 evaluations</source>
        <translation>%1，%2 次评估</translation>
    </message>
    <message>
        <source>%1; %2</source>
        <translation>%1；%2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>an empty table</source>
        <translation>空表</translation>
    </message>
    <message>
        <source>%1; see bandscope-engine --help</source>
        <translation>%1；见 bandscope-engine --help</translation>
    </message>
    <message>
        <source>--set %1: KEY=VALUE is needed, e.g. --set objective.name=ipo</source>
        <translation>--set %1：应为 KEY=VALUE，例如 --set objective.name=ipo</translation>
    </message>
    <message>
        <source>--part %1: I/N is needed with 0 &lt;= I &lt; N, e.g. 0/4 for the first of four parts</source>
        <translation>--part %1：应为 I/N，0 &lt;= I &lt; N，例如 0/4 为四份中的第一份</translation>
    </message>
    <message>
        <source>--jobs and --devices are for one process; torchrun, srun and mpirun start several for one run</source>
        <translation>--jobs 与 --devices 用于单个进程；torchrun、srun 和 mpirun 为一次运行启动多个进程</translation>
    </message>
    <message>
        <source>tokenizing</source>
        <translation>分词</translation>
    </message>
    <message>
        <source>reading pairs</source>
        <translation>读取样本对</translation>
    </message>
    <message>
        <source>planning</source>
        <translation>估算</translation>
    </message>
    <message>
        <source>merging</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>computing log-probabilities</source>
        <translation>计算对数概率</translation>
    </message>
    <message>
        <source>asking the run</source>
        <translation>询问运行</translation>
    </message>
    <message>
        <source>a run spec is needed</source>
        <translation>需要一个运行规格</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>no thread for it: %1</source>
        <translation>无法为其建立线程：%1</translation>
    </message>
    <message>
        <source>the prompt is read from &quot;prompt&quot;: rename the column &quot;%1&quot;</source>
        <translation>提示从“prompt”读取：请把列“%1”改名</translation>
    </message>
    <message>
        <source>its &quot;%1&quot; is a list of objects: if these are the rows, save that list alone as .json</source>
        <translation>其“%1”是对象的列表：若这些就是行，请只把该列表存为 .json</translation>
    </message>
    <message>
        <source>the chat template&apos;s generation prompt is not how its answers begin; the prompt is what both have in common, as in TRL</source>
        <translation>聊天模板的生成提示与其回答的开头不同；取两者共有的部分为提示，与 TRL 相同</translation>
    </message>
    <message>
        <source>rows have a &quot;prompt&quot; that is none of their messages; the messages alone are used</source>
        <translation>有的行的“prompt”不是其任何一条消息；只使用消息</translation>
    </message>
    <message>
        <source>the column &quot;system&quot; is not used; a system message belongs into the list of messages</source>
        <translation>列“system”未被使用；系统消息应放在消息列表中</translation>
    </message>
    <message>
        <source>the column &quot;%1&quot; is not used: rows of plain strings are taken as they are, without a chat template</source>
        <translation>列“%1”未被使用：纯字符串的行按原样使用，不套聊天模板</translation>
    </message>
    <message>
        <source>an object has more than %1 keys</source>
        <translation>一个对象的键多于 %1 个</translation>
    </message>
    <message>
        <source>out of memory while %1: %2 bytes more were needed</source>
        <translation>内存不足（%1时）：还需要 %2 字节</translation>
    </message>
    <message>
        <source>out of memory while %1: a tensor larger than any memory was asked for</source>
        <translation>内存不足（%1时）：所求张量大于任何内存</translation>
    </message>
    <message>
        <source>out of memory while %1</source>
        <translation>内存不足（%1时）</translation>
    </message>
    <message>
        <source>out of memory while %1: a list longer than any memory was asked for</source>
        <translation>内存不足（%1时）：所求列表长于任何内存</translation>
    </message>
    <message>
        <source>%1 while %2</source>
        <translation>%1（%2时）</translation>
    </message>
    <message>
        <source>JSON of another form than was expected while %1</source>
        <translation>JSON 的形式与预期不同（%1时）</translation>
    </message>
    <message>
        <source>working</source>
        <translation>工作</translation>
    </message>
    <message>
        <source>%1 pairs have %2 tokens; at most %3 go through one forward pass</source>
        <translation>%1 对共有 %2 个 token；一次前向最多 %3 个</translation>
    </message>
    <message>
        <source>%1: reading %2</source>
        <translation>%1：正在读取 %2</translation>
    </message>
    <message>
        <source>measuring some steps</source>
        <translation>测量若干步</translation>
    </message>
    <message>
        <source>the model&apos;s chat template takes too many steps for these conversations, and would for the rest of the rows; a template that walks over its texts character by character does that</source>
        <translation>模型的聊天模板处理这些对话所需的步数过多，其余的行也会如此；逐字符遍历文本的模板就是这样</translation>
    </message>
    <message>
        <source>not a JSON array of strings</source>
        <translation>不是字符串的 JSON 数组</translation>
    </message>
    <message>
        <source>element %1 is not a string</source>
        <translation>第 %1 个元素不是字符串</translation>
    </message>
    <message>
        <source>no engine.json; the folder of a run is needed</source>
        <translation>没有 engine.json；应为一次运行的文件夹</translation>
    </message>
    <message>
        <source>this run is not going on</source>
        <translation>该运行没有在进行</translation>
    </message>
    <message>
        <source>the run gave an answer that is not understood</source>
        <translation>运行给出的答复无法理解</translation>
    </message>
    <message>
        <source>the run refuses without a reason</source>
        <translation>运行拒绝，未说明原因</translation>
    </message>
    <message>
        <source>steps up to %1 are recorded</source>
        <translation>已记录到第 %1 步</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>writing the record</source>
        <translation>写入记录</translation>
    </message>
    <message>
        <source>training, after step %1</source>
        <translation>训练，第 %1 步之后</translation>
    </message>
    <message>
        <source>preparing the run &quot;%1&quot;</source>
        <translation>准备运行“%1”</translation>
    </message>
    <message>
        <source>20 to 2,000 millimetres</source>
        <translation>20 到 2,000 毫米</translation>
    </message>
    <message>
        <source>3 to 40 points</source>
        <translation>3 到 40 磅</translation>
    </message>
    <message>
        <source>%1, which is too close to 0 for a number</source>
        <translation>%1，太接近 0，不能作为数</translation>
    </message>
    <message>
        <source>What was chosen lies in several folders; a data set is one file, or one folder.</source>
        <translation>所选文件位于多个文件夹；一个数据集须为一个文件或一个文件夹。</translation>
    </message>
    <message>
        <source>%1 is no data file; choose one data file, or all of a folder.</source>
        <translation>%1 不是数据文件；请选择一个数据文件，或一个文件夹中的全部。</translation>
    </message>
    <message>
        <source>%1 of the %2 data files in %3 were chosen; choose one of them, or all.</source>
        <translation>选择了 %3 中 %2 个数据文件里的 %1 个；请选择其中一个，或全部。</translation>
    </message>
    <message>
        <source>%1 is taken; %2 is free</source>
        <translation>%1 已被占用；%2 可用</translation>
    </message>
    <message>
        <source>There is a run %1 in %2 already; change run.name or the folder.</source>
        <translation>%2 中已有运行 %1；请更改 run.name 或文件夹。</translation>
    </message>
    <message>
        <source>There is a run %1 already; %2 is free (in %3)</source>
        <translation>已有名为 %1 的运行；%2 可用（位于 %3）</translation>
    </message>
    <message>
        <source>Choose a model: a Hugging Face folder with config.json, tokenizer.json and safetensors files.</source>
        <translation>请选择模型：含 config.json、tokenizer.json 和 safetensors 文件的 Hugging Face 文件夹。</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>没有文件夹 %1。</translation>
    </message>
    <message>
        <source>%1 is an adapter, not a model: it belongs into “Start adapter”.</source>
        <translation>%1 是适配器而不是模型：应填入“起始适配器”。</translation>
    </message>
    <message>
        <source>%1 is no model folder: it has no readable config.json.</source>
        <translation>%1 不是模型文件夹：没有可读的 config.json。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>the engine ended with code %1</source>
        <translation>引擎以代码 %1 结束</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <translation>%2 的第 %1 位</translation>
    </message>
    <message>
        <source>stopped before it had a record</source>
        <translation>在有记录之前被停止</translation>
    </message>
    <message>
        <source>the engine ended without a record; see %1</source>
        <translation>引擎已结束，没有留下记录；见 %1</translation>
    </message>
    <message>
        <source>error %1 of the system</source>
        <translation>系统错误 %1</translation>
    </message>
    <message>
        <source>&quot;v&quot; must be %1</source>
        <translation>&quot;v&quot; 必须为 %1</translation>
    </message>
    <message>
        <source>1 of the %1 probe pairs is also a training pair: held-out figures would flatter</source>
        <translation>%1 个探针对中有 1 个也是训练对：留出数字会偏高</translation>
    </message>
    <message>
        <source>the process gave no reason</source>
        <translation>该进程未给出原因</translation>
    </message>
    <message>
        <source>the record&apos;s spec cannot be read, so what differs is not known</source>
        <translation>无法读取记录中的设定，因此不知道有何不同</translation>
    </message>
    <message>
        <source>%1 measured steps, %2 pairs each</source>
        <translation>%1 个实测步，每步 %2 对</translation>
    </message>
    <message>
        <source>out of memory on %1 with %2 tokens in a pass; goes on with training.pass_tokens = %3</source>
        <translation>%1 内存不足：一次前向有 %2 个词元；以 training.pass_tokens = %3 继续</translation>
    </message>
    <message>
        <source>paths of task files or folders</source>
        <translation>任务文件或文件夹的路径</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>generating</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>%1.value is no JSON of a function&apos;s call</source>
        <translation>%1.value 不是函数调用的 JSON</translation>
    </message>
    <message>
        <source>%1.from is &quot;%2&quot;, allowed are human, user, gpt, assistant, system, function_call, observation and tool</source>
        <translation>%1.from 为“%2”，允许 human、user、gpt、assistant、system、function_call、observation 和 tool</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is %2, a list of messages is needed</source>
        <translation>“%1”是%2，需要消息列表</translation>
    </message>
    <message>
        <source>has a label, and neither &quot;completion&quot;, &quot;messages&quot;, &quot;conversations&quot; nor &quot;output&quot; (the row has %1)</source>
        <translation>有标签，却没有 &quot;completion&quot;、&quot;messages&quot;、&quot;conversations&quot; 或 &quot;output&quot;（该行有%1）</translation>
    </message>
    <message>
        <source>&quot;history&quot; needs pairs of a question and its answer</source>
        <translation>&quot;history&quot; 需要成对的问题与回答</translation>
    </message>
    <message>
        <source>these are KTO rows (one answer with a &quot;label&quot;, %1), which the objective &quot;%2&quot; cannot use: pairs are needed, with &quot;chosen&quot; and &quot;rejected&quot; in each row, or an objective that weighs each answer by itself (%3)</source>
        <translation>这些是 KTO 数据行（一个回答加 &quot;label&quot;，%1），目标函数“%2”无法使用：需要每行含 &quot;chosen&quot; 与 &quot;rejected&quot; 的样本对，或改用逐个衡量回答的目标函数（%3）</translation>
    </message>
    <message>
        <source>%1 is given, but the adapter to start from (model.adapter), %2, has %3; leave the key out, or train a fresh adapter</source>
        <translation>给出的是 %1，而起始适配器（model.adapter）%2 的是 %3；请去掉该键，或训练新的适配器</translation>
    </message>
    <message>
        <source>the objective &quot;%1&quot; needs one prompt for both; one that weighs each answer by itself (%2) takes such rows</source>
        <translation>目标函数“%1”要求两个回答同属一个提示；逐个衡量回答的目标函数（%2）可使用这样的行</translation>
    </message>
    <message>
        <source>these are KTO rows (one answer with a &quot;label&quot;, %1): pairs are needed, with &quot;chosen&quot; and &quot;rejected&quot; in each row, or an objective that weighs each answer by itself (%2)</source>
        <translation>这些是 KTO 数据行（一个回答加 &quot;label&quot;，%1）：需要每行含 &quot;chosen&quot; 与 &quot;rejected&quot; 的样本对，或改用逐个衡量回答的目标函数（%2）</translation>
    </message>
    <message>
        <source>the prompt is empty, or shares no token with the response&apos;s text</source>
        <translation>提示为空，或与回答的文本没有共同的词元</translation>
    </message>
    <message>
        <source>all %1 labels are %2; both kinds are needed</source>
        <translation>全部 %1 个标签都是 %2；两种都需要</translation>
    </message>
    <message>
        <source>rows of one response and rows of pairs do not go together</source>
        <translation>单个回答的数据行与成对的数据行不能混用</translation>
    </message>
    <message>
        <source>unknown kind of data file; allowed are %1, .parquet, .arrow, or a folder of such files</source>
        <translation>未知的数据文件类型；允许 %1、.parquet、.arrow，或此类文件的文件夹</translation>
    </message>
    <message>
        <source>%1: more than %2 MiB are needed at once to read it; save it in smaller batches</source>
        <translation>%1：读取时一次需要超过 %2 MiB；请以更小的批次保存</translation>
    </message>
    <message>
        <source>not readable as Arrow (%1)</source>
        <translation>无法作为 Arrow 读取（%1）</translation>
    </message>
    <message>
        <source>this build was made without Arrow and cannot read .arrow files; save the pairs as .jsonl, or build with -DBANDSCOPE_ARROW_DIR (packaging/setup installs Arrow)</source>
        <translation>此构建不含 Arrow，无法读取 .arrow 文件；请把样本对存为 .jsonl，或用 -DBANDSCOPE_ARROW_DIR 构建（packaging/setup 会安装 Arrow）</translation>
    </message>
    <message>
        <source>two of the models are called &quot;%1&quot;; their results would be written over each other</source>
        <translation>有两个模型都叫“%1”；它们的结果会相互覆盖</translation>
    </message>
    <message>
        <source>%1: the step of a checkpoint is a whole number, as in RUN@40</source>
        <translation>%1：检查点的步数是整数，如 RUN@40</translation>
    </message>
    <message>
        <source>has no checkpoint of step %1; there are: %2</source>
        <translation>没有第 %1 步的检查点；现有：%2</translation>
    </message>
    <message>
        <source>%1 is no run (it has no spec.toml), so that @ can name no step of it</source>
        <translation>%1 不是运行（没有 spec.toml），因此 @ 不能指明它的某一步</translation>
    </message>
    <message>
        <source>a document is an object with columns</source>
        <translation>文档是带列的对象</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is a name on the hub; --data (data in [evaluation]) names the folder that holds its files</source>
        <translation>“%1”是 hub 上的名称；--data（[evaluation] 中的 data）给出存放其文件的文件夹</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is looked for below a folder</source>
        <translation>“%1”应在一个文件夹之下查找</translation>
    </message>
    <message>
        <source>%1 holds no folder &quot;%2&quot;</source>
        <translation>%1 不含文件夹“%2”</translation>
    </message>
    <message>
        <source>data_files names no file for the split &quot;%1&quot;</source>
        <translation>data_files 没有给出拆分“%1”的文件</translation>
    </message>
    <message>
        <source>%1 holds no documents</source>
        <translation>%1 不含文档</translation>
    </message>
    <message>
        <source>task %1, document %2: %3</source>
        <translation>任务 %1，文档 %2：%3</translation>
    </message>
    <message>
        <source>there is no column &quot;%1&quot;</source>
        <translation>没有列“%1”</translation>
    </message>
    <message>
        <source>the template gives no list of choices but %1</source>
        <translation>模板给出的不是选项列表，而是 %1</translation>
    </message>
    <message>
        <source>choices are a list of texts, not %1</source>
        <translation>选项应是文本列表，而不是 %1</translation>
    </message>
    <message>
        <source>an answer may have %1 tokens, and the model takes %2 with the prompt</source>
        <translation>一个回答可有 %1 个词元，而模型连同提示只接受 %2 个</translation>
    </message>
    <message>
        <source>the tokenizer gives id %1 where the model has %2 embeddings</source>
        <translation>分词器给出编号 %1，而模型只有 %2 个嵌入</translation>
    </message>
    <message>
        <source>the tokenizer has neither a BOS nor an EOS token, which an empty context needs</source>
        <translation>分词器既没有 BOS 也没有 EOS 词元，而空上下文需要其一</translation>
    </message>
    <message>
        <source>has no chat template, which --chat needs</source>
        <translation>没有对话模板，而 --chat 需要它</translation>
    </message>
    <message>
        <source>the continuation &quot;%1&quot; has no tokens of its own behind its context</source>
        <translation>续写“%1”在其上下文之后没有自己的词元</translation>
    </message>
    <message>
        <source>a continuation has %1 tokens, and the model takes %2</source>
        <translation>某个续写有 %1 个词元，而模型接受 %2 个</translation>
    </message>
    <message>
        <source>%1 is a Python function (%2), which is not run; a template, a column or a list is needed</source>
        <translation>%1 是 Python 函数（%2），不会运行；需要模板、列名或列表</translation>
    </message>
    <message>
        <source>%1 is a map of keys and values</source>
        <translation>%1 是由键和值组成的映射</translation>
    </message>
    <message>
        <source>the key &quot;%1&quot; of %2 is not read; allowed are %3</source>
        <translation>%2 的键“%1”不被读取；允许的有 %3</translation>
    </message>
    <message>
        <source>a text (in quotes where it looks like a number or truth value)</source>
        <translation>文本（看起来像数字或真值时要加引号）</translation>
    </message>
    <message>
        <source>a list of texts</source>
        <translation>文本列表</translation>
    </message>
    <message>
        <source>%1 is a list of texts; this one needs quotes</source>
        <translation>%1 是文本列表；这一项需要加引号</translation>
    </message>
    <message>
        <source>the folder cannot be made (%1)</source>
        <translation>无法建立文件夹（%1）</translation>
    </message>
    <message>
        <source>there are %1 examples to choose from, and %2 are asked for</source>
        <translation>可选的示例有 %1 个，要求 %2 个</translation>
    </message>
    <message>
        <source>%1, document %2: %3</source>
        <translation>%1，文档 %2：%3</translation>
    </message>
    <message>
        <source>gives %1; a text is needed (tasks with several questions per document are not read)</source>
        <translation>给出 %1；需要文本（不读取每个文档有多个问题的任务）</translation>
    </message>
    <message>
        <source>an example has the answer %1 of %2 choices</source>
        <translation>某个示例的答案是 %2 个选项中的第 %1 个</translation>
    </message>
    <message>
        <source>the answer of an example is %1, a text is needed</source>
        <translation>某个示例的答案是 %1，需要文本</translation>
    </message>
    <message>
        <source>gives %1, a text is needed</source>
        <translation>给出 %1，需要文本</translation>
    </message>
    <message>
        <source>%1 is &quot;%2&quot;, allowed are %3</source>
        <translation>%1 是“%2”，允许的有 %3</translation>
    </message>
    <message>
        <source>the metric &quot;%1&quot; is not computed for %2; allowed are %3</source>
        <translation>不对 %2 计算指标“%1”；允许的有 %3</translation>
    </message>
    <message>
        <source>a filter needs a function; allowed are %1</source>
        <translation>过滤器需要 function；允许的有 %1</translation>
    </message>
    <message>
        <source>%1 is no parameter of this filter</source>
        <translation>%1 不是此过滤器的参数</translation>
    </message>
    <message>
        <source>a map</source>
        <translation>映射</translation>
    </message>
    <message>
        <source>a filter of filter_list needs a name</source>
        <translation>filter_list 的过滤器需要名称</translation>
    </message>
    <message>
        <source>a filter of filter_list needs its steps under &quot;filter&quot;</source>
        <translation>filter_list 的过滤器需要在“filter”下列出步骤</translation>
    </message>
    <message>
        <source>this filter works on generated texts; of %1 only take_first</source>
        <translation>此过滤器作用于生成的文本；对 %1 只有 take_first</translation>
    </message>
    <message>
        <source>with repeats, a filter takes one answer: take_first or majority_vote</source>
        <translation>有 repeats 时，过滤器要取一个答案：take_first 或 majority_vote</translation>
    </message>
    <message>
        <source>a list with at least one filter</source>
        <translation>至少含一个过滤器的列表</translation>
    </message>
    <message>
        <source>do_sample is true, and sampling needs a temperature above 0</source>
        <translation>do_sample 为 true，而采样需要大于 0 的 temperature</translation>
    </message>
    <message>
        <source>a template or a column&apos;s name</source>
        <translation>模板或列名</translation>
    </message>
    <message>
        <source>a sample is a map of columns and values</source>
        <translation>示例是由列和值组成的映射</translation>
    </message>
    <message>
        <source>%1 is a file or a list of files</source>
        <translation>%1 是一个文件或文件列表</translation>
    </message>
    <message>
        <source>metric_list is needed: the harness&apos;s own choice for loglikelihood has perplexity in it, which is not computed; allowed are %1</source>
        <translation>需要 metric_list：harness 对 loglikelihood 的默认选择包含 perplexity，而它不被计算；允许的有 %1</translation>
    </message>
    <message>
        <source>a list with at least one metric</source>
        <translation>至少含一个指标的列表</translation>
    </message>
    <message>
        <source>the task &quot;%1&quot; lacks %2</source>
        <translation>任务“%1”缺少 %2</translation>
    </message>
    <message>
        <source>dataset_path is &quot;%1&quot;, which needs dataset_kwargs.data_files</source>
        <translation>dataset_path 是“%1”，这需要 dataset_kwargs.data_files</translation>
    </message>
    <message>
        <source>includes itself, directly or through others</source>
        <translation>直接或间接地包含自身</translation>
    </message>
    <message>
        <source>holds more than %1 task files</source>
        <translation>含有超过 %1 个任务文件</translation>
    </message>
    <message>
        <source>holds no task file (.yaml with &quot;task&quot; or &quot;group&quot;)</source>
        <translation>不含任务文件（带“task”或“group”的 .yaml）</translation>
    </message>
    <message>
        <source>names neither a &quot;task&quot; nor a &quot;group&quot;</source>
        <translation>既没有给出“task”也没有给出“group”</translation>
    </message>
    <message>
        <source>another task of the name &quot;%1&quot; is in %2</source>
        <translation>另一个名为“%1”的任务在 %2 中</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is also the name of a group</source>
        <translation>“%1”也是一个组的名称</translation>
    </message>
    <message>
        <source>more than %1 tasks</source>
        <translation>超过 %1 个任务</translation>
    </message>
    <message>
        <source>groups are nested too deep, or a group is in itself</source>
        <translation>组嵌套过深，或组包含自身</translation>
    </message>
    <message>
        <source>&quot;group&quot; names the group</source>
        <translation>“group”给出组名</translation>
    </message>
    <message>
        <source>the group &quot;%1&quot; has no members (&quot;task&quot;)</source>
        <translation>组“%1”没有成员（“task”）</translation>
    </message>
    <message>
        <source>no task file below %1 has the name &quot;%2&quot;</source>
        <translation>%1 之下没有名为“%2”的任务文件</translation>
    </message>
    <message>
        <source>a member of a group is a name, or a map with &quot;task&quot; or &quot;group&quot;</source>
        <translation>组的成员是名称，或带“task”或“group”的映射</translation>
    </message>
    <message>
        <source>an entry of aggregate_metric_list needs a metric</source>
        <translation>aggregate_metric_list 的一项需要指标</translation>
    </message>
    <message>
        <source>more than %1 values, aliases written out</source>
        <translation>展开别名后超过 %1 个值</translation>
    </message>
    <message>
        <source>the tag &quot;%1&quot; is not read</source>
        <translation>不读取标签“%1”</translation>
    </message>
    <message>
        <source>too much text, aliases written out</source>
        <translation>展开别名后文本过多</translation>
    </message>
    <message>
        <source>a key is a name, not a list or a map</source>
        <translation>键是名称，而不是列表或映射</translation>
    </message>
    <message>
        <source>&quot;&lt;&lt;&quot; takes a map, or a list of maps</source>
        <translation>“&lt;&lt;”接受映射或映射的列表</translation>
    </message>
    <message>
        <source>the key &quot;%1&quot; is given twice</source>
        <translation>键“%1”出现了两次</translation>
    </message>
    <message>
        <source>larger than %1 MiB, which no task file is</source>
        <translation>大于 %1 MiB，任务文件不会这么大</translation>
    </message>
    <message>
        <source>not a map of keys and values, as a task file is</source>
        <translation>不是由键和值组成的映射，而任务文件应当是</translation>
    </message>
    <message>
        <source>a prompt is an object with &quot;prompt&quot;, &quot;instruction&quot; or &quot;messages&quot;</source>
        <translation>提示是带“prompt”、“instruction”或“messages”的对象</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is %2, %3 is needed</source>
        <translation>“%1”是 %2，需要 %3</translation>
    </message>
    <message>
        <source>a list of messages</source>
        <translation>消息列表</translation>
    </message>
    <message>
        <source>has no chat template, which --chat and &quot;messages&quot; need</source>
        <translation>没有对话模板，而 --chat 和“messages”需要它</translation>
    </message>
    <message>
        <source>a message has a &quot;role&quot; and a &quot;content&quot;, both texts</source>
        <translation>消息有“role”和“content”，两者都是文本</translation>
    </message>
    <message>
        <source>%1, prompt %2: %3</source>
        <translation>%1，提示 %2：%3</translation>
    </message>
    <message>
        <source>gives &quot;%1&quot; something else than a number from %2 to %3</source>
        <translation>给“%1”的值不是 %2 到 %3 的数</translation>
    </message>
    <message>
        <source>is &quot;%1&quot;; supported are %2</source>
        <translation>为“%1”；支持的有 %2</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no setting that is known for this kind of model, and it may change what is computed; remove it where it does not</source>
        <translation>“%1”不是此类模型的已知设置，可能改变计算结果；若无影响请删去</translation>
    </message>
    <message>
        <source>has entries other than 0 and 1</source>
        <translation>含有 0 和 1 以外的项</translation>
    </message>
    <message>
        <source>says otherwise than this family&apos;s layers attend; kinds of attention by layer are supported for qwen2, qwen3, smollm3, gemma2 and gemma3_text</source>
        <translation>与此系列各层的注意力不符；逐层的注意力类型支持 qwen2、qwen3、smollm3、gemma2 和 gemma3_text</translation>
    </message>
    <message>
        <source>is &quot;%1&quot;; only default is supported for this family</source>
        <translation>为“%1”；此系列只支持 default</translation>
    </message>
    <message>
        <source>is &quot;%1&quot;; default, linear, llama3 and yarn are supported</source>
        <translation>为“%1”；支持 default、linear、llama3 和 yarn</translation>
    </message>
    <message>
        <source>must be above 1 with yarn</source>
        <translation>用 yarn 时必须大于 1</translation>
    </message>
    <message>
        <source>gives a kind of layer its own rotary embedding; this family has one for all layers</source>
        <translation>为某类层给出单独的旋转位置编码；此系列所有层共用一个</translation>
    </message>
    <message>
        <source>scores.after_update adds a forward pass to every step, about a third of its time</source>
        <translation>scores.after_update 使每步多一次前向计算，约占其时间的三分之一</translation>
    </message>
    <message>
        <source>scores.after_update adds a forward pass to every step, %1 % of its time</source>
        <translation>scores.after_update 使每步多一次前向计算，占其时间的 %1 %</translation>
    </message>
    <message>
        <source>the replacement &quot;%1&quot; names what is no group of the pattern</source>
        <translation>替换文本“%1”引用的不是模式中的组</translation>
    </message>
    <message>
        <source>template, line %1: %2</source>
        <translation>模板，第 %1 行：%2</translation>
    </message>
    <message>
        <source>stopped before the last evaluation of the benchmarks</source>
        <translation>在最后一次基准评估之前停止</translation>
    </message>
    <message>
        <source>is no stream of Arrow&apos;s, as save_to_disk writes them</source>
        <translation>不是 save_to_disk 所写的 Arrow 流</translation>
    </message>
    <message>
        <source>more than %1 columns</source>
        <translation>列数超过 %1</translation>
    </message>
    <message>
        <source>&quot;task&quot; names the task</source>
        <translation>“task”给出任务名称</translation>
    </message>
    <message>
        <source>the name &quot;%1&quot; is none that a file can have; allowed are up to %2 bytes without &quot;/&quot;</source>
        <translation>名称“%1”不能作为文件名；允许至多 %2 字节且不含“/”</translation>
    </message>
    <message>
        <source>includes more than %1 files</source>
        <translation>所包含的文件超过 %1 个</translation>
    </message>
    <message>
        <source>cannot be searched (%1)</source>
        <translation>无法搜索（%1）</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is also the name of a task</source>
        <translation>“%1”也是一个任务的名称</translation>
    </message>
    <message>
        <source>another group of the name &quot;%1&quot; has other members</source>
        <translation>另一个名为“%1”的组有不同的成员</translation>
    </message>
    <message>
        <source>more than %1 members of groups</source>
        <translation>组的成员超过 %1 个</translation>
    </message>
    <message>
        <source>the engine gave an answer that is not understood</source>
        <translation>引擎给出了无法理解的回答</translation>
    </message>
    <message>
        <source>export needs --figure NAME, --template FILE or --format FORMAT; figures are %1</source>
        <translation>export 需要 --figure NAME、--template FILE 或 --format FORMAT；图形有 %1</translation>
    </message>
    <message>
        <source>no table &quot;%1&quot;; allowed are %2</source>
        <translation>没有表“%1”；可用的有 %2</translation>
    </message>
    <message>
        <source>%1 has other columns than the runs before it; export it to a file of its own</source>
        <translation>%1 的列与之前的运行不同；请导出到单独的文件</translation>
    </message>
    <message>
        <source>cannot write to the standard output</source>
        <translation>无法写入标准输出</translation>
    </message>
    <message>
        <source>--column %1: NAME=COLUMN is needed, e.g. z_w=chosen_logp</source>
        <translation>--column %1：需要 NAME=COLUMN，例如 z_w=chosen_logp</translation>
    </message>
    <message>
        <source>--column %1: &quot;%2&quot; is no column of a record; FORMAT.md lists them</source>
        <translation>--column %1：“%2”不是运行记录的列；FORMAT.md 列出了各列</translation>
    </message>
    <message>
        <source>no line is an item with doc_id, metrics and scores</source>
        <translation>没有一行是带 doc_id、metrics 和得分的题目</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no task&apos;s name</source>
        <translation>“%1”不是任务名</translation>
    </message>
    <message>
        <source>exact McNemar test</source>
        <translation>精确 McNemar 检验</translation>
    </message>
    <message>
        <source>paired bootstrap</source>
        <translation>配对自助法</translation>
    </message>
    <message>
        <source>%1 has no column &quot;%2&quot;; its columns are %3</source>
        <translation>%1 没有列“%2”；其列为 %3</translation>
    </message>
    <message>
        <source>%1 has no column step; its columns are %2</source>
        <translation>%1 没有 step 列；其列为 %2</translation>
    </message>
    <message>
        <source>%1 has %2 cells where the first line has %3</source>
        <translation>%1 有 %2 个单元格，而第一行有 %3 个</translation>
    </message>
    <message>
        <source>%1 is &quot;%2&quot;; a number is needed</source>
        <translation>%1 为“%2”；需要数字</translation>
    </message>
    <message>
        <source>the table %1</source>
        <translation>表格 %1</translation>
    </message>
    <message>
        <source>%1: the record at byte %2 is damaged</source>
        <translation>%1：第 %2 字节处的记录已损坏</translation>
    </message>
    <message>
        <source>TensorBoard&apos;s events %1</source>
        <translation>TensorBoard 事件文件 %1</translation>
    </message>
    <message>
        <source>the file ends within a record, which was left out</source>
        <translation>文件在一条记录中间结束，该记录已略去</translation>
    </message>
    <message>
        <source>%1 is no table of comma-separated values, which alone has columns to be named</source>
        <translation>%1 不是逗号分隔的表格，只有这种表格才有可指定的列</translation>
    </message>
    <message>
        <source>Weights &amp; Biases&apos; history %1</source>
        <translation>Weights &amp; Biases 历史 %1</translation>
    </message>
    <message>
        <source>standard output takes no more answers (its reader has gone, or the disk is full)</source>
        <translation>标准输出无法再写入回答（读取方已退出，或磁盘已满）</translation>
    </message>
    <message>
        <source>cannot be written: this build has no Arrow, which Parquet needs</source>
        <translation>无法写入：此构建不含 Arrow，而 Parquet 需要它</translation>
    </message>
    <message>
        <source>more than %1 prompts at a time are not taken here</source>
        <translation>此处一次最多接受 %1 个提示</translation>
    </message>
    <message>
        <source>&quot;base_model_name_or_path&quot; is &quot;%1&quot;, and there is no such model folder here; merge the adapter into its model (bandscope-engine merge) and name that</source>
        <translation>“base_model_name_or_path”为“%1”，此处没有这样的模型文件夹；请将适配器合并到其模型（bandscope-engine merge），再指定合并后的模型</translation>
    </message>
    <message>
        <source>stopped by a signal</source>
        <translation>被信号停止</translation>
    </message>
    <message>
        <source>stopped by a signal; the first %1 of %2 answers are in %3</source>
        <translation>被信号停止；%2 个回答中的前 %1 个在 %3 中</translation>
    </message>
    <message>
        <source>No benchmark was evaluated in %1; task files are named in the spec, [evaluation] tasks = [&quot;task.yaml&quot;].</source>
        <translation>%1 中没有评估任何基准；任务文件在配置中写明：[evaluation] tasks = [&quot;task.yaml&quot;]。</translation>
    </message>
    <message>
        <source>only a table, as of the figure evaluation-table, is written as .tex</source>
        <translation>只有表格（如图 evaluation-table）可以写成 .tex</translation>
    </message>
    <message>
        <source>its format must be .svg, .pdf, .png or .csv, of a table also .tex</source>
        <translation>格式必须是 .svg、.pdf、.png 或 .csv，表格还可以是 .tex</translation>
    </message>
    <message>
        <source>Choose training pairs: a .jsonl, .jsonl.gz, .parquet or .arrow file, or a folder of such files.</source>
        <translation>请选择训练数据：.jsonl、.jsonl.gz、.parquet 或 .arrow 文件，或含此类文件的文件夹。</translation>
    </message>
    <message>
        <source>DPO, normalised by length</source>
        <translation>按长度归一的 DPO</translation>
    </message>
    <message>
        <source>DPO with the chosen likelihood</source>
        <translation>带被选回复似然的 DPO</translation>
    </message>
    <message>
        <source>DPO with an offset</source>
        <translation>带偏移的 DPO</translation>
    </message>
    <message>
        <source>over %1 and parameters named in [objective]</source>
        <translation>由 %1 以及 [objective] 中给出的参数组成</translation>
    </message>
    <message>
        <source>names &quot;%1&quot; %2, which is no variable (%3) and has no value in [objective]</source>
        <translation>在 %2 处用到“%1”，它不是变量（%3），在 [objective] 中也没有值</translation>
    </message>
    <message>
        <source>a string or a list of messages is needed</source>
        <translation>需要字符串或消息列表</translation>
    </message>
    <message>
        <source>a list of messages is needed</source>
        <translation>需要消息列表</translation>
    </message>
    <message>
        <source>true or false is needed</source>
        <translation>需要 true 或 false</translation>
    </message>
    <message>
        <source>the column &quot;%1&quot; is of type %2, %3</source>
        <translation>列“%1”的类型为 %2，%3</translation>
    </message>
    <message>
        <source>1 of the %1 probe responses is also trained on: held-out figures would flatter</source>
        <translation>%1 个探测回复中有 1 个也用于训练：留出数据的数值会偏乐观</translation>
    </message>
    <message>
        <source>%1 of the %2 probe responses are also trained on: held-out figures would flatter</source>
        <translation>%2 个探测回复中有 %1 个也用于训练：留出数据的数值会偏乐观</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is %2, true or false is needed</source>
        <translation>“%1”是%2，需要 true 或 false</translation>
    </message>
    <message>
        <source>must lie in [0, 1)</source>
        <translation>必须在 [0, 1) 内</translation>
    </message>
    <message>
        <source>&quot;%1&quot; of config.json is %2; it is not applied, as preference optimization trains a policy without dropout of its own</source>
        <translation>config.json 的“%1”为 %2；不予应用，因为偏好优化训练策略时不使用其自身的 dropout</translation>
    </message>
    <message>
        <source>is %1; only %2 is supported for this family</source>
        <translation>为 %1；该模型族仅支持 %2</translation>
    </message>
    <message>
        <source>is %1; heads of this family rotate as a whole</source>
        <translation>为 %1；该模型族的注意力头整体旋转</translation>
    </message>
    <message>
        <source>is no setting of rope_type &quot;%1&quot;</source>
        <translation>不是 rope_type “%1”的设置</translation>
    </message>
    <message>
        <source>says otherwise than rope_parameters beside it</source>
        <translation>与同处的 rope_parameters 不一致</translation>
    </message>
    <message>
        <source>stands beside the kinds of layers; it is theirs to say</source>
        <translation>与各类层并列；应写在各类层之内</translation>
    </message>
    <message>
        <source>row %1 is one response with a label; --row-l names the other of the pair</source>
        <translation>第 %1 行是带标签的单个回复；用 --row-l 指定同对的另一行</translation>
    </message>
    <message>
        <source>row %1 is no response whose label is true</source>
        <translation>第 %1 行不是标签为 true 的回复</translation>
    </message>
    <message>
        <source>row %1 is no response whose label is false</source>
        <translation>第 %1 行不是标签为 false 的回复</translation>
    </message>
    <message>
        <source>a quoted cell goes on behind its quotes</source>
        <translation>引号括起的单元格在引号之后仍有内容</translation>
    </message>
    <message>
        <source>a cell&apos;s quotes are not closed</source>
        <translation>单元格的引号未闭合</translation>
    </message>
    <message>
        <source>%1 has several columns for %2: &quot;%3&quot; and &quot;%4&quot;</source>
        <translation>%1 中有多列可作为 %2：“%3”和“%4”</translation>
    </message>
    <message>
        <source>%1: none of its columns is a quantity of a run; its columns are %2</source>
        <translation>%1：其中没有一列是运行的量；其列为 %2</translation>
    </message>
    <message>
        <source>holds a row of the run &quot;%1&quot; behind rows of &quot;%2&quot;; a record is of one run</source>
        <translation>在运行“%2”的行之后含有运行“%1”的行；一份记录只属于一次运行</translation>
    </message>
    <message>
        <source>%1 rows without a step were left out</source>
        <translation>已略去 %1 行没有步数的行</translation>
    </message>
    <message>
        <source>--format %1 needs a file or folder to write to, --out NAME; the standard output, --out -, takes csv alone</source>
        <translation>--format %1 需要写入的文件或文件夹（--out NAME）；标准输出（--out -）只接受 csv</translation>
    </message>
    <message>
        <source>--table %1: --format tensorboard takes no table, it writes the numbers of all; tables are chosen of --format csv and parquet</source>
        <translation>--table %1：--format tensorboard 不接受表名，它写出所有表的数值；只有 --format csv 和 parquet 可选择表</translation>
    </message>
    <message>
        <source>this is no list of texts, [&quot;one.yaml&quot;]; mend or clear it before more is added</source>
        <translation>这不是文本列表（如 [&quot;one.yaml&quot;]）；请先改正或清空，再添加其他项</translation>
    </message>
    <message>
        <source>the engine there describes the record in a way that is not understood</source>
        <translation>对端引擎描述记录的方式无法理解</translation>
    </message>
    <message>
        <source>cannot make the folder %1: %2</source>
        <translation>无法创建文件夹 %1：%2</translation>
    </message>
    <message>
        <source>/%1/%2: %3 bytes for %4 rows of %5 bytes</source>
        <translation>/%1/%2：%4 行（每行 %5 字节）却有 %3 字节</translation>
    </message>
    <message>
        <source>/%1/%2: %3 bytes are no whole rows</source>
        <translation>/%1/%2：%3 字节不是整数行</translation>
    </message>
    <message>
        <source>the record has no table %1</source>
        <translation>记录中没有表 %1</translation>
    </message>
    <message>
        <source>key &quot;%1&quot; is unknown; allowed: starred, tags, note</source>
        <translation>未知的键“%1”；允许：starred、tags、note</translation>
    </message>
    <message>
        <source>labels of %1 bytes are too long</source>
        <translation>%1 字节的标注过长</translation>
    </message>
    <message>
        <source>the engine there refuses without a reason</source>
        <translation>对端引擎拒绝，未说明原因</translation>
    </message>
    <message>
        <source>the engine there sent a line that is too long</source>
        <translation>对端引擎发来的行过长</translation>
    </message>
    <message>
        <source>what answers there is not bandscope-engine</source>
        <translation>对端应答的不是 bandscope-engine</translation>
    </message>
    <message>
        <source>the engine there sent something that is not understood</source>
        <translation>对端引擎发来的内容无法理解</translation>
    </message>
    <message>
        <source>the engine there gave an answer that is not understood</source>
        <translation>对端引擎的应答无法理解</translation>
    </message>
    <message>
        <source>there is no connection to the server</source>
        <translation>没有与服务器的连接</translation>
    </message>
    <message>
        <source>the engine there (%1) is too old for this</source>
        <translation>对端引擎（%1）版本过旧，不支持此操作</translation>
    </message>
    <message>
        <source>this is too much for one request</source>
        <translation>内容过多，一次请求放不下</translation>
    </message>
    <message>
        <source>no answer from bandscope-engine there within %1 s</source>
        <translation>%1 秒内没有收到对端 bandscope-engine 的应答</translation>
    </message>
    <message>
        <source>the engine there did not answer within %1 s</source>
        <translation>对端引擎在 %1 秒内没有应答</translation>
    </message>
    <message>
        <source>a whole number &gt;= 0</source>
        <translation>不小于 0 的整数</translation>
    </message>
    <message>
        <source>a request is a line with one JSON object</source>
        <translation>一个请求是含一个 JSON 对象的一行</translation>
    </message>
    <message>
        <source>a request has the protocol&apos;s version under key &quot;v&quot;</source>
        <translation>请求须在键“v”下给出协议版本</translation>
    </message>
    <message>
        <source>version %1 of the protocol is asked for; this engine speaks version %2</source>
        <translation>请求的是协议版本 %1；此引擎使用版本 %2</translation>
    </message>
    <message>
        <source>a request has a whole number &gt;= 0 under key &quot;id&quot;</source>
        <translation>请求须在键“id”下给出不小于 0 的整数</translation>
    </message>
    <message>
        <source>a request has its name under key &quot;request&quot;</source>
        <translation>请求须在键“request”下给出名称</translation>
    </message>
    <message>
        <source>this engine knows no request %1</source>
        <translation>此引擎没有请求 %1</translation>
    </message>
    <message>
        <source>request &quot;%1&quot;: key &quot;%2&quot; must be %3</source>
        <translation>请求“%1”：键“%2”必须是%3</translation>
    </message>
    <message>
        <source>the engine there (%1) speaks version %2 of the protocol, this program version %3</source>
        <translation>对端引擎（%1）使用协议版本 %2，本程序使用版本 %3</translation>
    </message>
    <message>
        <source>the engine there says what it is in a way that is not understood</source>
        <translation>对端引擎的自我说明无法理解</translation>
    </message>
    <message>
        <source>the rows of a record came in a form that is not understood</source>
        <translation>收到的记录行格式无法理解</translation>
    </message>
    <message>
        <source>a record has no table &quot;%1&quot;</source>
        <translation>记录没有表“%1”</translation>
    </message>
    <message>
        <source>serving</source>
        <translation>提供服务</translation>
    </message>
    <message>
        <source>request &quot;log&quot;: a run or an engine is needed</source>
        <translation>请求“log”：需要一个运行或一个引擎</translation>
    </message>
    <message>
        <source>%1 is no file</source>
        <translation>%1 不是文件</translation>
    </message>
    <message>
        <source>request &quot;data_rows&quot;: at most %1 rising row numbers are needed</source>
        <translation>请求“data_rows”：需要至多 %1 个递增的行号</translation>
    </message>
    <message>
        <source>a spec has at most %1 bytes</source>
        <translation>配置至多 %1 字节</translation>
    </message>
    <message>
        <source>the paths of a spec of several runs must be absolute here</source>
        <translation>此处含多个运行的配置中，路径必须是绝对路径</translation>
    </message>
    <message>
        <source>at most %1 plans are made at a time</source>
        <translation>同时至多做 %1 个规划</translation>
    </message>
    <message>
        <source>planning ended with code %1</source>
        <translation>规划以代码 %1 结束</translation>
    </message>
    <message>
        <source>another record has taken the place of %1</source>
        <translation>%1 的位置上已是另一个记录</translation>
    </message>
    <message>
        <source>there is no run %1</source>
        <translation>没有运行 %1</translation>
    </message>
    <message>
        <source>at most %1 digests are made at a time</source>
        <translation>一次至多计算 %1 个摘要</translation>
    </message>
    <message>
        <source>at most %1 runs are followed at a time</source>
        <translation>同时至多跟踪 %1 个运行</translation>
    </message>
    <message>
        <source>%1 leads out of the folders that this server serves</source>
        <translation>%1 指向此服务器所服务的文件夹之外</translation>
    </message>
    <message>
        <source>%1 is no folder: %2</source>
        <translation>%1 不是文件夹：%2</translation>
    </message>
    <message>
        <source>there is no root &quot;%1&quot; here</source>
        <translation>此处没有根目录“%1”</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a file&apos;s name here</source>
        <translation>“%1”不能作为此处的文件名</translation>
    </message>
    <message>
        <source>it is larger than %1 KiB</source>
        <translation>大于 %1 KiB</translation>
    </message>
    <message>
        <source>%1 is running; stop it first</source>
        <translation>%1 正在运行；请先停止</translation>
    </message>
    <message>
        <source>%1 holds other runs (%2), whose paths would change</source>
        <translation>%1 中还有其他运行（%2），它们的路径会随之改变</translation>
    </message>
    <message>
        <source>there is a file %1 already</source>
        <translation>已有文件 %1</translation>
    </message>
    <message>
        <source>%1 cannot be renamed to %2: %3</source>
        <translation>%1 无法重命名为 %2：%3</translation>
    </message>
    <message>
        <source>the engine of this run has no control socket</source>
        <translation>此运行的引擎没有控制套接字</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be a run&apos;s name; it must be %2</source>
        <translation>“%1”不能作为运行名称；须为%2</translation>
    </message>
    <message>
        <source>the folder of runs keeps its name</source>
        <translation>运行文件夹不能改名</translation>
    </message>
    <message>
        <source>the folder of runs stays</source>
        <translation>运行文件夹不能移除</translation>
    </message>
    <message>
        <source>a line has at most %1 bytes</source>
        <translation>一行至多 %1 字节</translation>
    </message>
    <message>
        <source>the answer is too long for a message</source>
        <translation>应答过长，一条消息放不下</translation>
    </message>
    <message>
        <source>there is no memory left</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>key &quot;%1&quot; must be 64 lower-case hexadecimal digits</source>
        <translation>键“%1”必须是 64 位小写十六进制数字</translation>
    </message>
    <message>
        <source>data are sent into a root of data only</source>
        <translation>数据只能发送到数据根目录</translation>
    </message>
    <message>
        <source>there is another file %1 already</source>
        <translation>已有另一个文件 %1</translation>
    </message>
    <message>
        <source>this file was not announced</source>
        <translation>此文件未曾预告</translation>
    </message>
    <message>
        <source>a chunk is base64 of at most %1 bytes</source>
        <translation>一块是至多 %1 字节的 base64</translation>
    </message>
    <message>
        <source>the next chunk begins at byte %1 of %2</source>
        <translation>下一块从第 %1 字节开始（共 %2 字节）</translation>
    </message>
    <message>
        <source>what came is not the file that was announced; send it again</source>
        <translation>收到的不是所预告的文件；请重新发送</translation>
    </message>
    <message>
        <source>keeping the queue</source>
        <translation>维护队列</translation>
    </message>
    <message>
        <source>at most %1 runs wait</source>
        <translation>至多 %1 个运行排队</translation>
    </message>
    <message>
        <source>a run is no JSON object</source>
        <translation>运行不是 JSON 对象</translation>
    </message>
    <message>
        <source>it is no queue of version %1</source>
        <translation>不是版本 %1 的队列</translation>
    </message>
    <message>
        <source>%1 was sent here; tasks must lie here already</source>
        <translation>%1 是发送来的文件；任务须是此处已有的</translation>
    </message>
    <message>
        <source>request &quot;queue_set&quot;: key &quot;%1&quot; must be a list of ids</source>
        <translation>请求“queue_set”：键“%1”必须是标识列表</translation>
    </message>
    <message>
        <source>request &quot;queue_set&quot;: runs at once are 1 to %1</source>
        <translation>请求“queue_set”：同时运行数为 1 到 %1</translation>
    </message>
    <message>
        <source>at most %1 devices have a number of runs</source>
        <translation>至多为 %1 个设备设定运行数</translation>
    </message>
    <message>
        <source>%1 is a link</source>
        <translation>%1 是链接</translation>
    </message>
    <message>
        <source>%1 has no column %2, which the x axis &quot;%3&quot; needs; x = &quot;step&quot; needs none</source>
        <translation>%1 没有 x 轴“%3”所需的列 %2；x = &quot;step&quot; 不需要任何列</translation>
    </message>
    <message>
        <source>There is no x axis &quot;%1&quot;; the axes are %2.</source>
        <translation>没有 x 轴“%1”；可用的轴为 %2。</translation>
    </message>
    <message>
        <source>%1 cannot be started: %2</source>
        <translation>无法启动 %1：%2</translation>
    </message>
    <message>
        <source>the effective margins are OpenRLHF&apos;s, means over the last micro-batch of a step</source>
        <translation>有效间隔取自 OpenRLHF，是每步最后一个微批的均值</translation>
    </message>
    <message>
        <source>is %1; 0, 1 and 3 are known</source>
        <translation>为 %1；可用的是 0、1 和 3</translation>
    </message>
    <message>
        <source>is 3; it needs &quot;%1&quot; to be &quot;%2&quot;</source>
        <translation>为 3；需要“%1”为“%2”</translation>
    </message>
    <message>
        <source>key &quot;job&quot; is &quot;%1&quot;, which is no number of a job</source>
        <translation>键 &quot;job&quot; 为 &quot;%1&quot;，不是作业编号</translation>
    </message>
    <message>
        <source>%1 gave no answer within %2 s</source>
        <translation>%1 在 %2 秒内没有应答</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 失败：%2</translation>
    </message>
    <message>
        <source>%1 printed more than %2 MiB</source>
        <translation>%1 的输出超过 %2 MiB</translation>
    </message>
    <message>
        <source>Slurm writes no log to %1: its name has a backslash</source>
        <translation>Slurm 无法将日志写入 %1：名称中含有反斜杠</translation>
    </message>
    <message>
        <source>Slurm ended job %1: its time limit was reached</source>
        <translation>Slurm 结束了作业 %1：已达到时间上限</translation>
    </message>
    <message>
        <source>Slurm ended job %1: it took more memory than it had asked for</source>
        <translation>Slurm 结束了作业 %1：占用的内存超过申请量</translation>
    </message>
    <message>
        <source>Slurm ended job %1: its node failed</source>
        <translation>Slurm 结束了作业 %1：其节点出现故障</translation>
    </message>
    <message>
        <source>Slurm ended job %1: its node did not start</source>
        <translation>Slurm 结束了作业 %1：其节点未能启动</translation>
    </message>
    <message>
        <source>Slurm ended job %1: another one took its place</source>
        <translation>Slurm 结束了作业 %1：被另一作业抢占</translation>
    </message>
    <message>
        <source>Slurm ended job %1: its deadline has passed</source>
        <translation>Slurm 结束了作业 %1：已过截止时间</translation>
    </message>
    <message>
        <source>job %1 was cancelled in Slurm</source>
        <translation>作业 %1 在 Slurm 中被取消</translation>
    </message>
    <message>
        <source>Slurm ended job %1 (%2)</source>
        <translation>Slurm 结束了作业 %1（%2）</translation>
    </message>
    <message>
        <source>job %1 is called %2 in Slurm, as none of this run is: it is not cancelled</source>
        <translation>作业 %1 在 Slurm 中名为 %2，并非该训练的作业名：未将其取消</translation>
    </message>
    <message>
        <source>sbatch gave no number for the job of %1</source>
        <translation>sbatch 没有给出 %1 的作业编号</translation>
    </message>
    <message>
        <source>Slurm cannot be asked: %1</source>
        <translation>无法询问 Slurm：%1</translation>
    </message>
    <message>
        <source>Slurm knows job %1 no more, and there is no record of its run</source>
        <translation>Slurm 已不认识作业 %1，也没有该训练的记录</translation>
    </message>
    <message>
        <source>job %1 waits in Slurm</source>
        <translation>作业 %1 在 Slurm 中等待</translation>
    </message>
    <message>
        <source>job %1 waits in Slurm: %2</source>
        <translation>作业 %1 在 Slurm 中等待：%2</translation>
    </message>
    <message>
        <source>coarse rows are 2 or more</source>
        <translation>粗略行至少为 2 行</translation>
    </message>
    <message>
        <source>this run is one of %1, where orders from here do not reach it</source>
        <translation>该训练在 %1 上进行，从这里发出的指令无法到达</translation>
    </message>
    <message>
        <source>%1 has the key &quot;%2&quot;, allowed are 0 to %3</source>
        <translation>%1 中有键 &quot;%2&quot;，允许 0 到 %3</translation>
    </message>
    <message>
        <source>%1 is %2, a string or an object is needed</source>
        <translation>%1 是%2，需要字符串或对象</translation>
    </message>
    <message>
        <source>There is a run %1 on %2 already; change run.name.</source>
        <translation>%2 上已有运行 %1；请更改 run.name。</translation>
    </message>
    <message>
        <source>There is a run %1 on %2 already; %3 is free</source>
        <translation>%2 上已有运行 %1；可用名称：%3</translation>
    </message>
    <message>
        <source>Not started on %1: %2</source>
        <translation>未在 %1 上启动：%2</translation>
    </message>
    <message>
        <source>%1 gave no answer: %2. Whether the runs were started, the list of runs tells once it is reached.</source>
        <translation>%1 没有给出答复：%2。重新连接后，可在运行列表中查看运行是否已启动。</translation>
    </message>
    <message>
        <source>the server does not say where its folders lie; its engine is too old</source>
        <translation>服务器未说明其文件夹的位置；其引擎版本过旧</translation>
    </message>
    <message>
        <source>%1 is not reached</source>
        <translation>无法连接 %1</translation>
    </message>
    <message>
        <source>%1 serves no folder of data that a file could be sent to; name one in the settings</source>
        <translation>%1 没有开放可接收文件的数据文件夹；请在设置中指定一个</translation>
    </message>
    <message>
        <source>The server is not known yet.</source>
        <translation>尚不知道该服务器。</translation>
    </message>
    <message>
        <source>%1 is being connected to…</source>
        <translation>正在连接 %1…</translation>
    </message>
    <message>
        <source>%1 is not reached: %2</source>
        <translation>无法连接 %1：%2</translation>
    </message>
    <message>
        <source>%1 was changed while it was sent; send it again</source>
        <translation>%1 在发送过程中被修改；请重新发送</translation>
    </message>
    <message>
        <source>the server does not take the file; try again later</source>
        <translation>服务器未接收该文件；请稍后再试</translation>
    </message>
    <message>
        <source>%1 cannot be started</source>
        <translation>无法启动 %1</translation>
    </message>
    <message>
        <source>its server is not reached; this is the copy as it was then</source>
        <translation>无法连接其服务器；这是当时的副本</translation>
    </message>
    <message>
        <source>some of its steps, at even distances; the others are on their way</source>
        <translation>等距的部分步骤；其余正在传输</translation>
    </message>
    <message>
        <source>ssh was not to ask for anything by itself: connect anew</source>
        <translation>ssh 此次不得自行询问：请重新连接</translation>
    </message>
    <message>
        <source>if ssh had to ask for something, install a program for that (ssh-askpass) or log in once with &quot;ssh %1&quot; in a terminal</source>
        <translation>如果 ssh 需要询问，请安装用于询问的程序（ssh-askpass），或在终端中用“ssh %1”登录一次</translation>
    </message>
    <message>
        <source>ssh does not know the host %1 yet</source>
        <translation>ssh 还不认识主机 %1</translation>
    </message>
    <message>
        <source>the host key of %1 was not accepted: answer ssh&apos;s question with yes, or connect once in a terminal</source>
        <translation>%1 的主机密钥未被接受：请对 ssh 的询问回答 yes，或在终端中连接一次</translation>
    </message>
    <message>
        <source>ssh does not know %1 yet, and no program is installed in which it could ask: install one (ssh-askpass), or connect once with &quot;ssh %2&quot; in a terminal</source>
        <translation>ssh 还不认识 %1，也没有安装可供其询问的程序：请安装一个（ssh-askpass），或在终端中用“ssh %2”连接一次</translation>
    </message>
    <message>
        <source>ssh finds no host of the name %1: see the destination, and the network</source>
        <translation>ssh 找不到名为 %1 的主机：请检查目标和网络</translation>
    </message>
    <message>
        <source>%1 refuses the connection: no ssh server runs there, or at another port (Port in ~/.ssh/config)</source>
        <translation>%1 拒绝连接：那里没有运行 ssh 服务器，或使用其他端口（~/.ssh/config 中的 Port）</translation>
    </message>
    <message>
        <source>%1 does not answer: it is off, or a firewall is between</source>
        <translation>%1 没有应答：它已关机，或中间有防火墙</translation>
    </message>
    <message>
        <source>there is no way to %1 through the network</source>
        <translation>网络无法到达 %1</translation>
    </message>
    <message>
        <source>%1 was offered too many keys: name the one for it in ~/.ssh/config (IdentityFile, IdentitiesOnly)</source>
        <translation>向 %1 提供的密钥过多：请在 ~/.ssh/config 中指定所用密钥（IdentityFile、IdentitiesOnly）</translation>
    </message>
    <message>
        <source>%1 is not let in: its key is not known there, or what was typed was wrong</source>
        <translation>%1 未获准登录：其密钥在那里未登记，或输入有误</translation>
    </message>
    <message>
        <source>the host key of %1 is not the one that ssh knows: the machine was set up anew, or another one answers in its place; its administrator knows which</source>
        <translation>%1 的主机密钥与 ssh 所知的不同：机器可能已重装，或由另一台机器冒充应答；请询问其管理员</translation>
    </message>
    <message>
        <source>%1 closed the connection before the login</source>
        <translation>%1 在登录前关闭了连接</translation>
    </message>
    <message>
        <source>ssh ended: %1</source>
        <translation>ssh 已结束：%1</translation>
    </message>
    <message>
        <source>ssh ended with code %1</source>
        <translation>ssh 已结束，代码 %1</translation>
    </message>
    <message>
        <source>%1 was not found there: give its path, or put it on the PATH of a login without a terminal</source>
        <translation>在那里找不到 %1：请给出其路径，或把它放入无终端登录时的 PATH</translation>
    </message>
    <message>
        <source>%1 is there, but this user may not run it</source>
        <translation>%1 存在，但此用户无权运行</translation>
    </message>
    <message>
        <source>%1 there is too old for jobs of Slurm: install a newer one</source>
        <translation>那里的 %1 太旧，不支持 Slurm 作业：请安装新版本</translation>
    </message>
    <message>
        <source>%1 there is too old to serve a window: install a newer one</source>
        <translation>那里的 %1 太旧，不能服务窗口：请安装新版本</translation>
    </message>
    <message>
        <source>%1 ended there: %2</source>
        <translation>%1 在那里已结束：%2</translation>
    </message>
    <message>
        <source>not bandscope-engine answers there: %1</source>
        <translation>那里应答的不是 bandscope-engine：%1</translation>
    </message>
    <message>
        <source>%1 ended there with code %2</source>
        <translation>%1 在那里已结束，代码 %2</translation>
    </message>
    <message>
        <source>the connection to %1 has ended</source>
        <translation>与 %1 的连接已结束</translation>
    </message>
    <message>
        <source>the connection to %1 has ended: %2</source>
        <translation>与 %1 的连接已结束：%2</translation>
    </message>
    <message>
        <source>there is no folder %1 there: make it, or take it out of this server&apos;s folders</source>
        <translation>那里没有文件夹 %1：请创建它，或从此服务器的文件夹中去掉</translation>
    </message>
    <message>
        <source>the engine there describes its evaluations in a way that is not understood</source>
        <translation>那里的引擎对其评测的描述无法理解</translation>
    </message>
    <message>
        <source>is in use by another program; try again</source>
        <translation>正被另一个程序使用；请重试</translation>
    </message>
    <message>
        <source>star, tags and note of %1 are not in its folder: %2</source>
        <translation>%1 的星标、标签和备注未写入其文件夹：%2</translation>
    </message>
    <message>
        <source>the record does not say which data it was trained on</source>
        <translation>记录中未说明训练所用的数据</translation>
    </message>
    <message>
        <source>this run keeps no evaluations</source>
        <translation>此运行不保存评测</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no file of an evaluation</source>
        <translation>“%1”不是评测的文件</translation>
    </message>
    <message>
        <source>jobs are in the folder of runs itself</source>
        <translation>作业位于运行文件夹本身之中</translation>
    </message>
    <message>
        <source>request &quot;data_rows&quot;: a run, or a root and a path, is needed</source>
        <translation>请求“data_rows”：需要一个运行，或一个根目录和一个路径</translation>
    </message>
    <message>
        <source>another window of Bandscope is writing the copy of this run; it is shown as that does</source>
        <translation>另一个 Bandscope 窗口正在写入此运行的副本；这里显示的就是那份副本</translation>
    </message>
    <message>
        <source>what it tells of itself is larger than %1 KiB</source>
        <translation>其自身信息大于 %1 KiB</translation>
    </message>
    <message>
        <source>the GPU cannot be used: %1</source>
        <translation>GPU 无法使用：%1</translation>
    </message>
    <message>
        <source>--out %1 is the record itself, which would be lost; choose another file</source>
        <translation>--out %1 就是该记录本身，会因此丢失；请另选一个文件</translation>
    </message>
    <message>
        <source>a calibrated run of the published code is logged before each calibration: its scores are those of micro-batches one earlier, clipped together by the largest gradient norm; d_w, d_l, alpha and the averages are those of the micro-batch before the step&apos;s last</source>
        <translation>公开代码的校准运行在每次校准之前写日志：其得分属于前一个微批次，并按最大梯度范数一起裁剪；d_w、d_l、alpha 和滑动平均属于该步最后一个微批次之前的微批次</translation>
    </message>
    <message>
        <source>the file ends within a line, which was left out</source>
        <translation>文件在一行之中结束，该行已略去</translation>
    </message>
    <message>
        <source>the effective margins are rewards/margins, which is beta times them; beta is not in the log</source>
        <translation>有效间隔取自 rewards/margins，是其 beta 倍；日志中没有 beta</translation>
    </message>
    <message>
        <source>--column z_w=COLUMN says which column is z_w</source>
        <translation>--column z_w=列名 说明哪一列是 z_w</translation>
    </message>
    <message>
        <source>the argument after %1 is empty; is a variable of the script not set?</source>
        <translation>%1 之后的参数为空；脚本中是否有变量未设置？</translation>
    </message>
    <message>
        <source>%1 has no value; is a variable of the script not set?</source>
        <translation>%1 没有值；脚本中是否有变量未设置？</translation>
    </message>
    <message>
        <source>a row without a step was left out</source>
        <translation>已略去 1 行没有步数的行</translation>
    </message>
    <message>
        <source>another document begins, and a task file is one</source>
        <translation>又开始了一个文档，而一个任务文件只有一个</translation>
    </message>
    <message>
        <source>nothing before is called &quot;&amp;%1&quot;</source>
        <translation>前面没有名为 &quot;&amp;%1&quot; 的内容</translation>
    </message>
    <message>
        <source>&quot;*%1&quot; is a part of what it stands for</source>
        <translation>&quot;*%1&quot; 是它所代表内容的一部分</translation>
    </message>
    <message>
        <source>tensor &quot;%1&quot; has values that are not finite (NaN or infinity)</source>
        <translation>张量 &quot;%1&quot; 含有非有限的值（NaN 或无穷大）</translation>
    </message>
    <message>
        <source>run.device: process %1 computes on a GPU and process %2 on the CPU; all processes of a run need the same: &quot;cuda&quot; names a machine that has none, &quot;cpu&quot; does without</source>
        <translation>run.device：进程 %1 在 GPU 上计算，进程 %2 在 CPU 上计算；一个运行的所有进程须相同：&quot;cuda&quot; 会指出没有 GPU 的机器，&quot;cpu&quot; 则不用 GPU</translation>
    </message>
    <message>
        <source>has checkpoints (%1) and no record (run.h5), without which they would be overwritten; put the record back, or move the folder away</source>
        <translation>有检查点（%1）而没有记录（run.h5），没有记录它们会被覆盖；请放回记录，或移走该文件夹</translation>
    </message>
    <message>
        <source>tensors that the model of config.json has no place for are not used, %1 in all: %2</source>
        <translation>config.json 的模型没有位置的张量不会被使用，共 %1 个：%2</translation>
    </message>
    <message>
        <source>is %1; it needs &quot;model.gradient_checkpointing&quot; to be true</source>
        <translation>为 %1；需要 &quot;model.gradient_checkpointing&quot; 为 true</translation>
    </message>
    <message>
        <source>1 step imported from %1</source>
        <translation>从 %1 导入了 1 步</translation>
    </message>
    <message>
        <source>&quot;chat_template_kwargs&quot; is %1, an object is needed</source>
        <translation>&quot;chat_template_kwargs&quot; 是 %1，需要一个对象</translation>
    </message>
    <message>
        <source>&quot;chat_template_kwargs&quot; has &quot;%1&quot;, which rows do not choose</source>
        <translation>&quot;chat_template_kwargs&quot; 含有 &quot;%1&quot;，这不由数据行决定</translation>
    </message>
    <message>
        <source>--out %1 is the file of prompts, which would be lost; choose another file</source>
        <translation>--out %1 就是提示文件本身，它会因此丢失；请选择另一个文件</translation>
    </message>
    <message>
        <source>has sliding layers, and use_sliding_window is not true</source>
        <translation>含有滑动窗口层，而 use_sliding_window 不为 true</translation>
    </message>
    <message>
        <source>needs an object for each kind of layer here: full_attention and sliding_attention</source>
        <translation>此处每种层都需要一个对象：full_attention 和 sliding_attention</translation>
    </message>
    <message>
        <source>classes within classes, and intersections of classes, are not supported</source>
        <translation>不支持字符类中的字符类，也不支持字符类的交集</translation>
    </message>
</context>
<context>
    <name>ModelSummary</name>
    <message>
        <source> and </source>
        <comment>between two types of numbers</comment>
        <translation> 与 </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>%1 layers of %2</source>
        <translation>%1 层，宽 %2</translation>
    </message>
    <message>
        <source>vocabulary %1</source>
        <translation>词表 %1</translation>
    </message>
    <message>
        <source>%1 positions</source>
        <translation>%1 个位置</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>type of numbers, size</comment>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 in %n files</source>
        <translation>
            <numerusform>%1，%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>chat template</source>
        <translation>有对话模板</translation>
    </message>
    <message>
        <source>no chat template</source>
        <translation>无对话模板</translation>
    </message>
</context>
<context>
    <name>PairData</name>
    <message>
        <source>The record does not say which data it was trained on.</source>
        <translation>记录中没有说明训练所用的数据。</translation>
    </message>
    <message>
        <source>The data are on a server: single pairs can be read there, but not all of them.</source>
        <translation>数据在服务器上：可以读取其中单个样本对，但不能全部读取。</translation>
    </message>
</context>
<context>
    <name>PairPrompts</name>
    <message>
        <source>has no line %1, only %2</source>
        <translation>没有第 %1 行，仅有 %2 行</translation>
    </message>
</context>
<context>
    <name>PairSource</name>
    <message>
        <source>The two runs were trained on different data: they have no pairs in common.</source>
        <translation>两个运行的训练数据不同，没有共同的样本对。</translation>
    </message>
</context>
<context>
    <name>Pathway</name>
    <message>
        <source>both rise</source>
        <translation>同升</translation>
    </message>
    <message>
        <source>both fall</source>
        <translation>同降</translation>
    </message>
    <message>
        <source>disentangled</source>
        <translation>解耦</translation>
    </message>
    <message>
        <source>reversed</source>
        <translation>反向</translation>
    </message>
</context>
<context>
    <name>QAbstractSpinBox</name>
    <message>
        <source>&amp;Select All</source>
        <translation>全选(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Step up</source>
        <translation>增大(&amp;S)</translation>
    </message>
    <message>
        <source>Step &amp;down</source>
        <translation>减小(&amp;D)</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Look in:</source>
        <translation>查找范围：</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Go forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Parent Directory</source>
        <translation>上级文件夹</translation>
    </message>
    <message>
        <source>Go to the parent directory</source>
        <translation>转到上级文件夹</translation>
    </message>
    <message>
        <source>Create New Folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Create a New Folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>List View</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>Change to list view mode</source>
        <translation>以列表显示</translation>
    </message>
    <message>
        <source>Detail View</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>Change to detail view mode</source>
        <translation>显示详细信息</translation>
    </message>
    <message>
        <source>Files of type:</source>
        <translation>文件类型：</translation>
    </message>
    <message>
        <source>&amp;File name:</source>
        <translation>文件名(&amp;F)：</translation>
    </message>
    <message>
        <source>File &amp;name:</source>
        <translation>文件名(&amp;N)：</translation>
    </message>
    <message>
        <source>Directory:</source>
        <translation>文件夹：</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Choose</source>
        <translation>选择(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>删除(&amp;D)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Show &amp;hidden files</source>
        <translation>显示隐藏文件(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;New Folder</source>
        <translation>新建文件夹(&amp;N)</translation>
    </message>
    <message>
        <source>New Folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>All Files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Recent Places</source>
        <translation>最近的位置</translation>
    </message>
    <message>
        <source>%1 already exists.
Do you want to replace it?</source>
        <translation>%1 已存在。
是否替换？</translation>
    </message>
    <message>
        <source>%1
File not found.
Please verify the correct file name was given.</source>
        <translation>%1
未找到文件。
请检查文件名是否正确。</translation>
    </message>
    <message>
        <source>%1
Directory not found.
Please verify the correct directory name was given.</source>
        <translation>%1
未找到文件夹。
请检查文件夹名是否正确。</translation>
    </message>
    <message>
        <source>Directories</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation>侧栏</translation>
    </message>
    <message>
        <source>List of places and bookmarks</source>
        <translation>位置与书签列表</translation>
    </message>
</context>
<context>
    <name>QFileSystemModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Date Modified</source>
        <translation>修改日期</translation>
    </message>
    <message>
        <source>My Computer</source>
        <translation>此电脑</translation>
    </message>
    <message>
        <source>Computer</source>
        <translation>此电脑</translation>
    </message>
</context>
<context>
    <name>QLineEdit</name>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>剪切(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>是(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;No</source>
        <translation>否(&amp;N)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Restore Defaults</source>
        <translation>恢复默认值</translation>
    </message>
</context>
<context>
    <name>QWidgetTextControl</name>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Cu&amp;t</source>
        <translation>剪切(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copy &amp;Link Location</source>
        <translation>复制链接地址(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>Quantity</name>
    <message>
        <source>Number of the optimizer step</source>
        <translation>优化器步的编号</translation>
    </message>
    <message>
        <source>Passes over the training pairs</source>
        <translation>遍历训练样本对的次数</translation>
    </message>
    <message>
        <source>Seconds since the run&apos;s start</source>
        <translation>自运行开始以来的秒数</translation>
    </message>
    <message>
        <source>Tokens processed in the step</source>
        <translation>该步处理的词元数</translation>
    </message>
    <message>
        <source>Of the step&apos;s update</source>
        <translation>该步更新所用</translation>
    </message>
    <message>
        <source>Mean over the step&apos;s pairs</source>
        <translation>该步各样本对的平均值</translation>
    </message>
    <message>
        <source>Log-likelihood of the chosen responses</source>
        <translation>被选回答的对数似然</translation>
    </message>
    <message>
        <source>Log-likelihood of the rejected responses</source>
        <translation>被拒回答的对数似然</translation>
    </message>
    <message>
        <source>Log-likelihood of the chosen responses by the reference model</source>
        <translation>参考模型下被选回答的对数似然</translation>
    </message>
    <message>
        <source>Log-likelihood of the rejected responses by the reference model</source>
        <translation>参考模型下被拒回答的对数似然</translation>
    </message>
    <message>
        <source>Share of the step&apos;s pairs that are ranked right</source>
        <translation>该步中排序正确的样本对所占比例</translation>
    </message>
    <message>
        <source>Incentive of the chosen response</source>
        <translation>被选回答的激励</translation>
    </message>
    <message>
        <source>Incentive of the rejected response</source>
        <translation>被拒回答的激励</translation>
    </message>
    <message>
        <source>Norm of the chosen responses&apos; score</source>
        <translation>被选回答得分的范数</translation>
    </message>
    <message>
        <source>Norm of the rejected responses&apos; score</source>
        <translation>被拒回答得分的范数</translation>
    </message>
    <message>
        <source>Inner product of the two scores</source>
        <translation>两个得分的内积</translation>
    </message>
    <message>
        <source>Cosine of the two scores</source>
        <translation>两个得分的余弦</translation>
    </message>
    <message>
        <source>Reward calibration&apos;s factor</source>
        <translation>奖励校准的系数</translation>
    </message>
    <message>
        <source>Norm of the gradient</source>
        <translation>梯度的范数</translation>
    </message>
    <message>
        <source>Log-likelihood of the held-out chosen responses</source>
        <translation>留出集中被选回答的对数似然</translation>
    </message>
    <message>
        <source>Log-likelihood of the held-out rejected responses</source>
        <translation>留出集中被拒回答的对数似然</translation>
    </message>
</context>
<context>
    <name>QueueKeeper</name>
    <message>
        <source>Waiting runs do not start: %1 ends at once</source>
        <translation>等待中的运行无法启动：%1 立即退出</translation>
    </message>
    <message>
        <source>Waiting runs do not start. %1, which may be too old for it, says: %2</source>
        <translation>等待中的运行无法启动。%1（可能版本过旧）报告：%2</translation>
    </message>
    <message>
        <source>Waiting runs do not start: %1</source>
        <translation>等待中的运行无法启动：%1</translation>
    </message>
</context>
<context>
    <name>QueueStrings</name>
    <message>
        <source>%1 is number %2 in the queue for %3.</source>
        <translation>%1 在 %3 的队列中排第 %2。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs are in the queue for %1 now, from number %2 on.</source>
        <translation>
            <numerusform>%n 个运行已加入 %1 的队列，自第 %2 位起。</numerusform>
        </translation>
    </message>
    <message>
        <source>The queue is paused; its ▶ Start lets them go.</source>
        <translation>队列已暂停；点击其 ▶ 启动即可放行。</translation>
    </message>
    <message>
        <source>%1 starts when %2 is free.</source>
        <translation>%2 空闲时 %1 即开始。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs start when %1 is free.</source>
        <translation>
            <numerusform>%1 空闲时 %n 个运行依次开始。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 starts now.</source>
        <translation>%1 现在启动。</translation>
    </message>
    <message numerus="yes">
        <source>%n runs start now.</source>
        <translation>
            <numerusform>%n 个运行现在启动。</numerusform>
        </translation>
    </message>
    <message>
        <source>The queue goes on when the window closes.</source>
        <translation>窗口关闭后队列仍继续。</translation>
    </message>
</context>
<context>
    <name>RecipeText</name>
    <message>
        <source>Mistral-7B, QLoRA, DPO: one and two epochs without and with RC</source>
        <translation>Mistral-7B，QLoRA，DPO：一轮与两轮，无与有 RC</translation>
    </message>
    <message>
        <source>The paper&apos;s ablation of the length of training (Chen et al. 2026, Sec. C.3, Tab. 7).</source>
        <translation>论文对训练时长的消融（Chen 等 2026，C.3 节，表 7）。</translation>
    </message>
    <message>
        <source>Mistral-7B, QLoRA, nine objectives without and with RC</source>
        <translation>Mistral-7B，QLoRA，九个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>The paper&apos;s third setting: Mistral-7B-Base on UltraFeedback Binarized or Anthropic-HH, 4-bit weights with adapters, one epoch, 32 pairs a step, learning rate 3e-7 (Chen et al. 2026, Sec. 4.1; Figs. 2, 11 and 12, Tabs. 4 and 5).</source>
        <translation>论文的第三种设置：Mistral-7B-Base，数据为 UltraFeedback Binarized 或 Anthropic-HH，4 位权重加适配器，一轮，每步 32 个样本对，学习率 3e-7（Chen 等 2026，4.1 节；图 2、11、12，表 4、5）。</translation>
    </message>
    <message>
        <source>Pythia-2.8B, all weights, DPO and CPO without and with RC</source>
        <translation>Pythia-2.8B，全部权重，DPO 与 CPO，无与有 RC</translation>
    </message>
    <message>
        <source>As the paper&apos;s Fig. 4, yet with every weight trained where the paper has QLoRA, and so with the learning rate that it has for the other model trained in full. Needs about 16 bytes a parameter for weights, gradients and AdamW.</source>
        <translation>同论文图 4，但论文用 QLoRA 之处改为训练全部权重，因此采用论文中另一全量训练模型的学习率。权重、梯度与 AdamW 每个参数约需 16 字节。</translation>
    </message>
    <message>
        <source>Pythia-2.8B, QLoRA, DPO: momentum of the calibration</source>
        <translation>Pythia-2.8B，QLoRA，DPO：校准的动量</translation>
    </message>
    <message>
        <source>The paper&apos;s ablation of the momentum of RC&apos;s averages (Chen et al. 2026, Sec. 4.2, Tab. 3).</source>
        <translation>论文对 RC 滑动平均动量的消融（Chen 等 2026，4.2 节，表 3）。</translation>
    </message>
    <message>
        <source>Pythia-2.8B, QLoRA, nine objectives without and with RC</source>
        <translation>Pythia-2.8B，QLoRA，九个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>The paper&apos;s second setting: 4-bit weights with adapters, one epoch, 32 pairs a step, learning rate 1e-4 (Chen et al. 2026, Sec. 4.1; Figs. 4, 9 and 10, Tab. 9). Rank and alpha of the adapters are not in the paper.</source>
        <translation>论文的第二种设置：4 位权重加适配器，一轮，每步 32 个样本对，学习率 1e-4（Chen 等 2026，4.1 节；图 4、9、10，表 9）。适配器的秩与 alpha 论文未给出。</translation>
    </message>
    <message>
        <source>Pythia-410M, all weights, nine objectives without and with RC</source>
        <translation>Pythia-410M，全部权重，九个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>The paper&apos;s first setting: one epoch of AdamW at a constant rate, 32 pairs a step, every weight trained (Chen et al. 2026, Sec. 4.1; Figs. 7 and 8, Tab. 8). Learning rate 6e-7. Data there: UltraFeedback Binarized or Anthropic-HH.</source>
        <translation>论文的第一种设置：以恒定学习率用 AdamW 训练一轮，每步 32 个样本对，训练全部权重（Chen 等 2026，4.1 节；图 7、8，表 8）。学习率 6e-7。论文所用数据：UltraFeedback Binarized 或 Anthropic-HH。</translation>
    </message>
    <message>
        <source>Qwen2.5-7B-Instruct, QLoRA, nine objectives without and with RC</source>
        <translation>Qwen2.5-7B-Instruct，QLoRA，九个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>The paper&apos;s fourth setting: 4-bit weights with adapters, one epoch, 32 pairs a step, learning rate 5e-7 (Chen et al. 2026, Sec. 4.1; Tab. 4 has seven of the nine, Figs. 13 and 14 DPO and DIL-BCE).</source>
        <translation>论文的第四种设置：4 位权重加适配器，一轮，每步 32 个样本对，学习率 5e-7（Chen 等 2026，4.1 节；表 4 含九个中的七个，图 13、14 为 DPO 与 DIL-BCE）。</translation>
    </message>
    <message>
        <source>SmolLM2-135M-Instruct, LoRA, DPO without and with RC, on a CPU</source>
        <translation>SmolLM2-135M-Instruct，LoRA，DPO，无与有 RC，在 CPU 上</translation>
    </message>
    <message>
        <source>The demo&apos;s setting: 40 steps of eight pairs, six minutes on two CPU cores (packaging/demo trains the same on its own pairs).</source>
        <translation>演示的设置：40 步，每步八个样本对，两个 CPU 核上约六分钟（packaging/demo 用其自带样本对训练同样的内容）。</translation>
    </message>
    <message>
        <source>Gemma-2-9B, QLoRA, three objectives without and with RC</source>
        <translation>Gemma-2-9B，QLoRA，三个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>Not in the paper: its settings for Mistral-7B (Chen et al. 2026, Sec. 4.1). Attention scores are capped, which no fused kernel computes: long pairs take more memory than with other models of this size.</source>
        <translation>论文中没有：沿用其 Mistral-7B 的设置（Chen et al. 2026，第 4.1 节）。注意力得分带软上限，没有融合核可算：长样本对比同等规模的其他模型占用更多内存。</translation>
    </message>
    <message>
        <source>Llama-3.1-8B, QLoRA, three objectives without and with RC</source>
        <translation>Llama-3.1-8B，QLoRA，三个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>Not in the paper: its settings for Mistral-7B (Chen et al. 2026, Sec. 4.1) on a model of the same size.</source>
        <translation>论文中没有：把其 Mistral-7B 的设置（Chen et al. 2026，第 4.1 节）用于同等规模的模型。</translation>
    </message>
    <message>
        <source>Qwen3-8B, QLoRA, three objectives without and with RC</source>
        <translation>Qwen3-8B，QLoRA，三个目标函数，无与有 RC</translation>
    </message>
    <message>
        <source>Not in the paper: its settings for Qwen2.5-7B (Chen et al. 2026, Sec. 4.1) on the family&apos;s next model. Rows are conversations, rendered with the model&apos;s chat template.</source>
        <translation>论文中没有：把其 Qwen2.5-7B 的设置（Chen et al. 2026，第 4.1 节）用于该系列的下一代模型。数据行是对话，按模型的对话模板渲染。</translation>
    </message>
</context>
<context>
    <name>Recipes</name>
    <message>
        <source>A recipe needs a name with letters or digits.</source>
        <translation>配方的名称须含字母或数字。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
</context>
<context>
    <name>RunFiles</name>
    <message>
        <source>“%1” cannot be a run&apos;s name; it must be %2</source>
        <translation>“%1”不能作为运行的名称；须为 %2</translation>
    </message>
    <message>
        <source>%1 cannot be renamed to %2</source>
        <translation>%1 无法改名为 %2</translation>
    </message>
    <message>
        <source>%1 waits in the queue; take it out there</source>
        <translation>%1 在队列中等待；请在队列中移除</translation>
    </message>
    <message>
        <source>%1 goes on at %2, as far as its record says</source>
        <translation>据其记录，%1 仍在 %2 上进行</translation>
    </message>
    <message>
        <source>%1 is running; stop it first</source>
        <translation>%1 正在运行；请先停止</translation>
    </message>
    <message>
        <source>there is a %1 in %2 already</source>
        <translation>%2 中已有 %1</translation>
    </message>
    <message>
        <source>there is a file %1 already</source>
        <translation>已有文件 %1</translation>
    </message>
    <message>
        <source>%1 cannot be moved to the trash: %2</source>
        <translation>无法将 %1 移到回收站：%2</translation>
    </message>
    <message>
        <source>the trash does not say where %1 lies; take it out by hand</source>
        <translation>回收站没有说明 %1 的位置；请手动取出</translation>
    </message>
    <message>
        <source>%1 is not in the trash any more</source>
        <translation>%1 已不在回收站中</translation>
    </message>
    <message>
        <source>there is a %1 again</source>
        <translation>又有了 %1</translation>
    </message>
    <message>
        <source>%1 holds other runs (%2), whose paths would change</source>
        <translation>%1 里还有其他运行（%2），它们的路径会随之改变</translation>
    </message>
</context>
<context>
    <name>RunGrouping</name>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>RC</source>
        <translation>RC</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>不分组</translation>
    </message>
    <message>
        <source>no tag</source>
        <translation>无标签</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
</context>
<context>
    <name>RunModel</name>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>Last alert: %1</source>
        <translation>最近告警：%1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>RC</source>
        <translation>RC</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>In band</source>
        <translation>带内</translation>
    </message>
    <message>
        <source>Probe z_w</source>
        <translation>探测集 z_w</translation>
    </message>
    <message>
        <source>Probe margin</source>
        <translation>探测集间隔</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>%1, step %2</source>
        <translation>%1，第 %2 步</translation>
    </message>
    <message>
        <source>Tags: %1</source>
        <translation>标签：%1</translation>
    </message>
    <message>
        <source>starred</source>
        <translation>已加星标</translation>
    </message>
    <message>
        <source>not starred</source>
        <translation>未加星标</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>星标</translation>
    </message>
    <message>
        <source>ETA</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>state and reason</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>reference %1</source>
        <translation>参考模型 %1</translation>
    </message>
    <message>
        <source>probe reference %1</source>
        <translation>探针参考 %1</translation>
    </message>
    <message>
        <source>pausing</source>
        <translation>即将暂停</translation>
    </message>
    <message>
        <source>going on</source>
        <translation>即将继续</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>即将停止</translation>
    </message>
</context>
<context>
    <name>RunPlan</name>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>adapters</source>
        <translation>适配器</translation>
    </message>
    <message>
        <source>gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>likelihood head</source>
        <translation>似然输出头</translation>
    </message>
    <message>
        <source>%1 parameters, %2 trained</source>
        <translation>%1 个参数，训练其中 %2</translation>
    </message>
    <message>
        <source>in all on %1: %2</source>
        <translation>%1 上合计：%2</translation>
    </message>
    <message>
        <source>%1 tokens a step</source>
        <translation>每步 %1 个词元</translation>
    </message>
    <message>
        <source>%1 s a step</source>
        <translation>每步 %1 秒</translation>
    </message>
    <message>
        <source>reference first: %1</source>
        <translation>预先计算参考：%1</translation>
    </message>
</context>
<context>
    <name>RunProblems</name>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1 失败：%2</translation>
    </message>
    <message>
        <source>Show log</source>
        <translation>查看日志</translation>
    </message>
    <message>
        <source>%1 crashed without giving a reason.</source>
        <translation>%1 崩溃，未给出原因。</translation>
    </message>
    <message>
        <source>%1 was killed: its process has ended without a last word. Every step before is here.</source>
        <translation>%1 被终止：进程已消失，没有留下消息。此前的每一步都在。</translation>
    </message>
    <message>
        <source>%1 has stalled: its process lives but has given no sign for more than a minute.</source>
        <translation>%1 已停滞：进程还在，但超过一分钟没有动静。</translation>
    </message>
    <message>
        <source>Show events</source>
        <translation>查看事件</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>run and what is to be said of it</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
</context>
<context>
    <name>RunSpecs</name>
    <message>
        <source>the spec of %1 is of %2 runs</source>
        <translation>%1 的规格包含 %2 个运行</translation>
    </message>
</context>
<context>
    <name>RunState</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>被终止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>preparing</source>
        <translation>准备中</translation>
    </message>
</context>
<context>
    <name>ServerAbility</name>
    <message>
        <source>list runs</source>
        <translation>列出运行</translation>
    </message>
    <message>
        <source>open runs</source>
        <translation>打开运行</translation>
    </message>
    <message>
        <source>show long runs at once</source>
        <translation>立即显示长运行</translation>
    </message>
    <message>
        <source>show specs</source>
        <translation>显示规格</translation>
    </message>
    <message>
        <source>show logs</source>
        <translation>显示日志</translation>
    </message>
    <message>
        <source>start runs</source>
        <translation>启动运行</translation>
    </message>
    <message>
        <source>plan runs</source>
        <translation>估算运行</translation>
    </message>
    <message>
        <source>steer and stop runs</source>
        <translation>调整和停止运行</translation>
    </message>
    <message>
        <source>label, rename and delete runs</source>
        <translation>标注、重命名和删除运行</translation>
    </message>
    <message>
        <source>choose models and data there</source>
        <translation>选择那里的模型和数据</translation>
    </message>
    <message>
        <source>send data</source>
        <translation>发送数据</translation>
    </message>
    <message>
        <source>show texts of pairs</source>
        <translation>显示样本对文本</translation>
    </message>
    <message>
        <source>show answers of evaluations</source>
        <translation>显示评测的回答</translation>
    </message>
    <message>
        <source>use its queue</source>
        <translation>使用其队列</translation>
    </message>
</context>
<context>
    <name>ServerDevices</name>
    <message>
        <source>%1 of %2 free</source>
        <translation>可用 %1，共 %2</translation>
    </message>
</context>
<context>
    <name>ServerOrders</name>
    <message>
        <source>its spec is of several runs</source>
        <translation>其配置包含多个运行</translation>
    </message>
    <message>
        <source>it lies in a folder below the server&apos;s folder of runs, from where nothing can be queued</source>
        <translation>它位于服务器运行文件夹下的子文件夹中，无法从那里加入队列</translation>
    </message>
</context>
<context>
    <name>SpecHelp</name>
    <message>
        <source>folder of the run; refused if a finished run has it, unless resume is true</source>
        <translation>运行的文件夹；若已有同名的完成运行则拒绝，除非 resume 为 true</translation>
    </message>
    <message>
        <source>seed of data order, fresh adapters and dropout</source>
        <translation>数据顺序、新适配器与 dropout 的种子</translation>
    </message>
    <message>
        <source>go on from the last checkpoint of this run</source>
        <translation>从该运行最后的检查点继续</translation>
    </message>
    <message>
        <source>device to train on</source>
        <translation>训练所用设备</translation>
    </message>
    <message>
        <source>Hugging Face folder of the model to train</source>
        <translation>待训练模型的 Hugging Face 文件夹</translation>
    </message>
    <message>
        <source>folder of the reference model; empty is the same weights</source>
        <translation>参考模型的文件夹；留空则为同一权重</translation>
    </message>
    <message>
        <source>type to compute in</source>
        <translation>计算所用类型</translation>
    </message>
    <message>
        <source>train all weights, or adapters on frozen or 4-bit ones</source>
        <translation>训练全部权重，或在冻结、4 位权重上训练适配器</translation>
    </message>
    <message>
        <source>PEFT folder to start from; empty is a fresh adapter</source>
        <translation>起始的 PEFT 文件夹；留空则为新适配器</translation>
    </message>
    <message>
        <source>rank of the adapters</source>
        <translation>适配器的秩</translation>
    </message>
    <message>
        <source>adapters are scaled by alpha / rank</source>
        <translation>适配器按 alpha / rank 缩放</translation>
    </message>
    <message>
        <source>dropout before the adapters</source>
        <translation>适配器之前的 dropout</translation>
    </message>
    <message>
        <source>projections to adapt; [] is every linear one</source>
        <translation>要适配的投影；[] 表示所有线性投影</translation>
    </message>
    <message>
        <source>scale by alpha / sqrt(rank) instead</source>
        <translation>改为按 alpha / sqrt(rank) 缩放</translation>
    </message>
    <message>
        <source>compute blocks twice to keep less in memory</source>
        <translation>各块计算两遍以节省内存</translation>
    </message>
    <message>
        <source>held-out pairs of the same kind; empty is none</source>
        <translation>同类的留出样本对；留空则没有</translation>
    </message>
    <message>
        <source>which set of the folder of data.train: train, where it holds train and test; empty is its only one</source>
        <translation>取 data.train 文件夹中的哪一组：文件夹里有 train 和 test 时填 train；留空表示只有一组</translation>
    </message>
    <message>
        <source>which set of the folder of data.probe</source>
        <translation>取 data.probe 文件夹中的哪一组</translation>
    </message>
    <message>
        <source>shuffle by the seed; false keeps the file&apos;s order</source>
        <translation>按种子打乱；false 保持文件顺序</translation>
    </message>
    <message>
        <source>ids of prompt and longer response together</source>
        <translation>提示与较长回复合计的词元数</translation>
    </message>
    <message>
        <source>ids that a prompt keeps where the pair is too long</source>
        <translation>样本对过长时提示保留的词元数</translation>
    </message>
    <message>
        <source>preference objective, or &quot;formula&quot; for the one that objective.loss writes down</source>
        <translation>偏好目标函数，或用 &quot;formula&quot; 表示 objective.loss 写出的函数</translation>
    </message>
    <message>
        <source>z of a response: mean or sum over its tokens</source>
        <translation>回复的 z：对词元取均值或求和</translation>
    </message>
    <message>
        <source>loss of one pair as a formula, e.g. softplus(-beta*(zw-zl-zw_ref+zl_ref))</source>
        <translation>以公式写出的单个样本对的损失，如 softplus(-beta*(zw-zl-zw_ref+zl_ref))</translation>
    </message>
    <message>
        <source>reward calibration</source>
        <translation>奖励校准</translation>
    </message>
    <message>
        <source>momentum of the log-domain averages</source>
        <translation>对数域滑动平均的动量</translation>
    </message>
    <message>
        <source>keep the calibrated ratio inside the band of each update</source>
        <translation>使校准后的比值保持在每次更新的解耦带内</translation>
    </message>
    <message>
        <source>take incentives, scores and alpha per micro-batch or step</source>
        <translation>按微批次或按步取激励、得分与 alpha</translation>
    </message>
    <message>
        <source>parameters whose gradients are the scores</source>
        <translation>以其梯度为得分的参数</translation>
    </message>
    <message>
        <source>record scores per layer as well; needs scope &quot;all&quot;</source>
        <translation>同时记录逐层得分；需要 scope &quot;all&quot;</translation>
    </message>
    <message>
        <source>learning rate after warm-up</source>
        <translation>预热之后的学习率</translation>
    </message>
    <message>
        <source>decay of AdamW&apos;s two moments</source>
        <translation>AdamW 两个矩的衰减率</translation>
    </message>
    <message>
        <source>added to the root of the second moment</source>
        <translation>加到二阶矩平方根上的量</translation>
    </message>
    <message>
        <source>decoupled weight decay</source>
        <translation>解耦权重衰减</translation>
    </message>
    <message>
        <source>clip gradients to it; 0 is off</source>
        <translation>梯度裁剪到此值；0 为关闭</translation>
    </message>
    <message>
        <source>share of the steps that warm up</source>
        <translation>用于预热的步数占比</translation>
    </message>
    <message>
        <source>pairs per optimizer step</source>
        <translation>每个优化步的样本对数</translation>
    </message>
    <message>
        <source>passes over the pairs; not with steps</source>
        <translation>遍历样本对的次数；不可与 steps 同用</translation>
    </message>
    <message>
        <source>optimizer steps; not with epochs</source>
        <translation>优化步数；不可与 epochs 同用</translation>
    </message>
    <message>
        <source>compute the reference&apos;s likelihoods once and keep them on disk</source>
        <translation>参考的似然只计算一次并存盘</translation>
    </message>
    <message>
        <source>steps between probe evaluations; 0 is never</source>
        <translation>两次探测之间的步数；0 为从不</translation>
    </message>
    <message>
        <source>held-out pairs to evaluate</source>
        <translation>用于评估的留出样本对数</translation>
    </message>
    <message>
        <source>steps between checkpoints; 0 is the end only</source>
        <translation>两个检查点之间的步数；0 为仅在结束时</translation>
    </message>
    <message>
        <source>checkpoints to keep</source>
        <translation>保留的检查点数</translation>
    </message>
    <message>
        <source>watch for likelihood displacement and a missed band</source>
        <translation>监视似然位移与偏离解耦带</translation>
    </message>
    <message>
        <source>alert when the ratio is outside the band for so many steps in a row</source>
        <translation>比值连续若干步在解耦带外时告警</translation>
    </message>
    <message>
        <source>alert when the cosine of the scores exceeds it</source>
        <translation>两得分的余弦超过此值时告警</translation>
    </message>
    <message>
        <source>alert when the probe&apos;s z_w falls by so many standard errors</source>
        <translation>探测集 z_w 下降若干个标准误时告警</translation>
    </message>
    <message>
        <source>scale of the margin inside the sigmoid</source>
        <translation>sigmoid 内间隔的缩放</translation>
    </message>
    <message>
        <source>weight of the sequential KL divergence</source>
        <translation>序列 KL 散度的权重</translation>
    </message>
    <message>
        <source>regularization; the margin aims at 1 / (2 tau)</source>
        <translation>正则化；间隔趋向 1 / (2 tau)</translation>
    </message>
    <message>
        <source>offset per token of length difference; positive lightens pairs whose chosen one is longer</source>
        <translation>每词元长度差的偏移；为正时减轻被选回复较长的样本对</translation>
    </message>
    <message>
        <source>margin that the pair has to exceed</source>
        <translation>样本对须超过的间隔</translation>
    </message>
    <message>
        <source>weight of the chosen likelihood</source>
        <translation>被选似然的权重</translation>
    </message>
    <message>
        <source>margin at which the hinge lets go</source>
        <translation>合页损失放开的间隔</translation>
    </message>
    <message>
        <source>weight of the chosen response</source>
        <translation>被选回复的权重</translation>
    </message>
    <message>
        <source>weight of the rejected response</source>
        <translation>被拒回复的权重</translation>
    </message>
    <message>
        <source>AdamW, its states in float32, in 8 bits, or in 8 bits and moved off a full GPU</source>
        <translation>AdamW，其状态为 float32、8 位，或 8 位且在 GPU 显存满时移出</translation>
    </message>
    <message>
        <source>scale of each response&apos;s log-ratio to the reference</source>
        <translation>每个回复相对参考模型的对数比的缩放</translation>
    </message>
    <message>
        <source>regularization; the log-ratios aim at 1 / (2 beta) and -1 / (2 beta)</source>
        <translation>正则化；两个对数比分别趋向 1 / (2 beta) 和 -1 / (2 beta)</translation>
    </message>
    <message>
        <source>share of the pairs whose labels are taken for swapped</source>
        <translation>视为标签颠倒的样本对所占比例</translation>
    </message>
    <message>
        <source>scale of the margin; the hinge lets go at 1 / beta</source>
        <translation>间隔的缩放；合页损失在 1 / beta 处放开</translation>
    </message>
    <message>
        <source>probability that the target leaves to the rejected response</source>
        <translation>目标分布留给被拒回复的概率</translation>
    </message>
    <message>
        <source>scale of margin and log-ratio inside the sigmoids</source>
        <translation>sigmoid 内间隔与对数比的缩放</translation>
    </message>
    <message>
        <source>how far from margin 0 the loss turns from logistic to exponential</source>
        <translation>损失在距间隔 0 多远处由对数型转为指数型</translation>
    </message>
    <message>
        <source>weight of the odds ratio beside the chosen likelihood</source>
        <translation>几率比项的权重，与被选似然并列</translation>
    </message>
    <message>
        <source>weight of what the chosen response has lost to the reference</source>
        <translation>被选回复相对参考模型所失似然的权重</translation>
    </message>
    <message>
        <source>pairs that are calibrated together; must divide batch_size</source>
        <translation>一起校准的样本对数；必须整除 batch_size</translation>
    </message>
    <message>
        <source>with micro_batch = 1: most tokens of a forward pass, which pairs share; 0 is as many as fit</source>
        <translation>micro_batch = 1 时：一次前向最多的词元数，由若干样本对共用；0 表示放得下多少就用多少</translation>
    </message>
    <message>
        <source>take each step&apos;s own pairs once more after its update, so that realised is of the pairs predicted for</source>
        <translation>每步更新后再计算一次该步自己的样本对，使“实际”与“预测”针对同一批样本对</translation>
    </message>
    <message>
        <source>folder of the data sets that the tasks name</source>
        <translation>任务所指数据集所在的文件夹</translation>
    </message>
    <message>
        <source>steps between evaluations; 0 is at the start and the end only</source>
        <translation>两次评估之间的步数；0 表示仅在开始和结束时</translation>
    </message>
    <message>
        <source>use the first so many documents of each task; 0 is all</source>
        <translation>每个任务只用前若干个文档；0 表示全部</translation>
    </message>
    <message>
        <source>examples before each question; -1 is the task&apos;s own number</source>
        <translation>每个问题前的示例数；-1 表示任务自定</translation>
    </message>
    <message>
        <source>evaluate before the first update as well</source>
        <translation>在第一次更新之前也评估</translation>
    </message>
    <message>
        <source>benchmarks: task files of lm-evaluation-harness, or folders of them; [] for none</source>
        <translation>基准：lm-evaluation-harness 的任务文件或其文件夹；[] 表示没有</translation>
    </message>
    <message>
        <source>preference pairs: .jsonl, .jsonl.gz, .parquet or .arrow, or a folder of such files</source>
        <translation>样本对：.jsonl、.jsonl.gz、.parquet 或 .arrow 文件，或含此类文件的文件夹</translation>
    </message>
    <message>
        <source>use the first so many usable pairs, or rows of each label; 0 is all</source>
        <translation>使用前若干个可用的样本对，或每种标签的前若干行；0 为全部</translation>
    </message>
    <message>
        <source>1: processes of one run share the optimizer&apos;s state (ZeRO-1); 3: weights and gradients too (ZeRO-3)</source>
        <translation>1：同一次运行的各进程分担优化器状态（ZeRO-1）；3：权重和梯度也分担（ZeRO-3）</translation>
    </message>
    <message>
        <source>with gradient_checkpointing: the first so many blocks are computed twice; 0 is as many as a GPU&apos;s free memory asks for, and all on the CPU</source>
        <translation>启用 gradient_checkpointing 时：前若干个块计算两遍；0 表示按 GPU 空闲内存所需的数量，CPU 上为全部</translation>
    </message>
</context>
<context>
    <name>SpecLabel</name>
    <message>
        <source>Set of the folder</source>
        <translation>文件夹中的组</translation>
    </message>
    <message>
        <source>Set of the probe folder</source>
        <translation>探针文件夹中的组</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>续训</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>参考模型</translation>
    </message>
    <message>
        <source>Compute type</source>
        <translation>计算类型</translation>
    </message>
    <message>
        <source>Tuning</source>
        <translation>微调方式</translation>
    </message>
    <message>
        <source>Start adapter</source>
        <translation>起始适配器</translation>
    </message>
    <message>
        <source>LoRA rank</source>
        <translation>LoRA 秩</translation>
    </message>
    <message>
        <source>LoRA alpha</source>
        <translation>LoRA alpha</translation>
    </message>
    <message>
        <source>LoRA dropout</source>
        <translation>LoRA dropout</translation>
    </message>
    <message>
        <source>LoRA targets</source>
        <translation>LoRA 目标层</translation>
    </message>
    <message>
        <source>Rank-stabilised</source>
        <translation>秩稳定缩放</translation>
    </message>
    <message>
        <source>Gradient checkpointing</source>
        <translation>梯度检查点</translation>
    </message>
    <message>
        <source>Training pairs</source>
        <translation>训练样本对</translation>
    </message>
    <message>
        <source>Probe pairs</source>
        <translation>探测样本对</translation>
    </message>
    <message>
        <source>Use at most</source>
        <translation>最多使用</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>打乱</translation>
    </message>
    <message>
        <source>Longest pair</source>
        <translation>样本对最大长度</translation>
    </message>
    <message>
        <source>Longest prompt</source>
        <translation>提示最大长度</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>Likelihood z</source>
        <translation>似然 z</translation>
    </message>
    <message>
        <source>Loss formula</source>
        <translation>损失公式</translation>
    </message>
    <message>
        <source>Calibrate</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>Granularity</source>
        <translation>粒度</translation>
    </message>
    <message>
        <source>Score scope</source>
        <translation>得分范围</translation>
    </message>
    <message>
        <source>Per layer</source>
        <translation>逐层</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Betas</source>
        <translation>Betas</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>Epsilon</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Clip gradients at</source>
        <translation>梯度裁剪</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率计划</translation>
    </message>
    <message>
        <source>Warm-up share</source>
        <translation>预热占比</translation>
    </message>
    <message>
        <source>Pairs per step</source>
        <translation>每步样本对数</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>or steps</source>
        <translation>或步数</translation>
    </message>
    <message>
        <source>Reference first</source>
        <translation>预先计算参考</translation>
    </message>
    <message>
        <source>Probe every</source>
        <translation>探测间隔</translation>
    </message>
    <message>
        <source>Probe pairs used</source>
        <translation>探测所用样本对</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>检查点间隔</translation>
    </message>
    <message>
        <source>Checkpoints kept</source>
        <translation>保留检查点数</translation>
    </message>
    <message>
        <source>Optimizer shared (ZeRO)</source>
        <translation>分摊优化器 (ZeRO)</translation>
    </message>
    <message>
        <source>Watch for alerts</source>
        <translation>监视告警</translation>
    </message>
    <message>
        <source>Alert: steps outside</source>
        <translation>告警：带外步数</translation>
    </message>
    <message>
        <source>Alert: cosine above</source>
        <translation>告警：余弦上限</translation>
    </message>
    <message>
        <source>Alert: fall in sigmas</source>
        <translation>告警：下降标准误数</translation>
    </message>
    <message>
        <source>Calibrated together</source>
        <translation>一起校准的对数</translation>
    </message>
    <message>
        <source>Tokens of a pass</source>
        <translation>一次前向的词元</translation>
    </message>
    <message>
        <source>Same pairs after the update</source>
        <translation>更新后的同一批样本对</translation>
    </message>
    <message>
        <source>Benchmarks</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>Benchmark data</source>
        <translation>基准数据</translation>
    </message>
    <message>
        <source>Benchmarks every</source>
        <translation>基准评估间隔</translation>
    </message>
    <message>
        <source>Benchmark documents</source>
        <translation>基准文档数</translation>
    </message>
    <message>
        <source>Benchmark examples</source>
        <translation>基准示例数</translation>
    </message>
    <message>
        <source>Benchmarks at the start</source>
        <translation>开始时评估基准</translation>
    </message>
    <message>
        <source>Recomputed blocks</source>
        <translation>重新计算的块数</translation>
    </message>
</context>
<context>
    <name>SpecSection</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>Reward calibration</source>
        <translation>奖励校准</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>Terms</name>
    <message>
        <source>log-likelihood of the chosen response</source>
        <translation>被选回复的对数似然</translation>
    </message>
    <message>
        <source>How probable the model finds the response that was preferred, in nats: a mean per token or a sum over the response, as the spec says.</source>
        <translation>模型认为受偏好的回复有多大可能，单位奈特：按规格取每词元均值或整个回复之和。</translation>
    </message>
    <message>
        <source>log-likelihood of the rejected response</source>
        <translation>被拒回复的对数似然</translation>
    </message>
    <message>
        <source>The same of the response that was not preferred.</source>
        <translation>同上，针对未受偏好的回复。</translation>
    </message>
    <message>
        <source>margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>How far the chosen response is ahead. It grows as well when both likelihoods fall and the rejected one falls faster.</source>
        <translation>被选回复领先多少。两个似然同降而被拒者降得更快时，间隔也会增大。</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>The model before training. Likelihoods against it, z̃, show what training changed, whichever pairs a step has.</source>
        <translation>训练前的模型。相对它的似然 z̃ 显示训练改变了什么，与某一步的样本对无关。</translation>
    </message>
    <message>
        <source>effective margin</source>
        <translation>有效间隔</translation>
    </message>
    <message>
        <source>The margin against the reference; 0 before the first update.</source>
        <translation>相对参考的间隔；首次更新之前为 0。</translation>
    </message>
    <message>
        <source>objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>The loss that training lowers: a function of the two likelihoods. Its gradient is two scores, each weighed by its incentive.</source>
        <translation>训练所降低的损失，是两个似然的函数。其梯度为两个得分，各以其激励加权。</translation>
    </message>
    <message>
        <source>incentives</source>
        <translation>激励</translation>
    </message>
    <message>
        <source>How strongly the objective pushes the chosen likelihood up and the rejected one down.</source>
        <translation>目标函数以多大力度推高被选似然、压低被拒似然。</translation>
    </message>
    <message>
        <source>scores</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>The directions in which the parameters raise each likelihood: of the output layer, or of all that is trained.</source>
        <translation>使各似然升高的参数方向：取输出层参数，或全部训练参数。</translation>
    </message>
    <message>
        <source>cosine of the scores</source>
        <translation>得分的余弦</translation>
    </message>
    <message>
        <source>How much the two responses pull the parameters the same way. The nearer to 1, the narrower the band; at 0 or below there is none.</source>
        <translation>两个回复在多大程度上把参数拉向同一方向。越接近 1，解耦带越窄；为 0 或负时没有带。</translation>
    </message>
    <message>
        <source>log incentive ratio</source>
        <translation>对数激励比</translation>
    </message>
    <message>
        <source>How much stronger the push on the chosen response is than that on the rejected one. Inside the band, the two likelihoods part.</source>
        <translation>对被选回复的推力比对被拒回复的强多少。在解耦带内，两个似然分开。</translation>
    </message>
    <message>
        <source>centre of the band</source>
        <translation>解耦带中心</translation>
    </message>
    <message>
        <source>The ratio that is farthest from both edges; reward calibration steers towards it.</source>
        <translation>离两侧边界最远的比值；奖励校准以它为目标。</translation>
    </message>
    <message>
        <source>disentanglement band</source>
        <translation>解耦带</translation>
    </message>
    <message>
        <source>The ratios log r at which the chosen likelihood does not fall and the rejected one does not rise. Below it both fall, above it both rise.</source>
        <translation>使被选似然不降、被拒似然不升的 log r 范围。低于它两者同降，高于它两者同升。</translation>
    </message>
    <message>
        <source>slack</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Distance of log r to the nearer edge of the band; below 0 outside.</source>
        <translation>log r 到解耦带较近边界的距离；带外为负。</translation>
    </message>
    <message>
        <source>reward calibration</source>
        <translation>奖励校准</translation>
    </message>
    <message>
        <source>Scales the two incentives against each other, so that log r moves to the band&apos;s centre. The loss and its value stay what they are. w/ RC: with it, w/o RC: without it.</source>
        <translation>相对缩放两个激励，使 log r 移向解耦带中心；损失及其数值不变。有 RC：启用；无 RC：不启用。</translation>
    </message>
    <message>
        <source>calibration factor</source>
        <translation>校准因子</translation>
    </message>
    <message>
        <source>What reward calibration multiplies the chosen incentive by and divides the rejected one by, from moving means of both ratios; 1 without it.</source>
        <translation>奖励校准以它乘被选激励、除被拒激励，由两个比值的滑动平均得出；未启用时为 1。</translation>
    </message>
    <message>
        <source>log ratio as applied</source>
        <translation>施加的对数比</translation>
    </message>
    <message>
        <source>The ratio of the two incentives after calibration; without it the same as log r.</source>
        <translation>校准后两个激励之比；未启用校准时即 log r。</translation>
    </message>
    <message>
        <source>pathways</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>How the two likelihoods move: both rise, both fall, or they part (disentangled). Which of them, log r and the band decide.</source>
        <translation>两个似然如何变化：同升、同降，或分开（解耦）。由 log r 与解耦带决定。</translation>
    </message>
    <message>
        <source>Table 2</source>
        <translation>表 2</translation>
    </message>
    <message>
        <source>both rise</source>
        <translation>同升</translation>
    </message>
    <message>
        <source>The chosen and the rejected response both become more probable: log r is above the band.</source>
        <translation>被选与被拒回复的概率都升高：log r 高于解耦带。</translation>
    </message>
    <message>
        <source>both fall</source>
        <translation>同降</translation>
    </message>
    <message>
        <source>Both become less probable, even the one that was preferred: log r is below the band.</source>
        <translation>两者的概率都降低，连受偏好的也降：log r 低于解耦带。</translation>
    </message>
    <message>
        <source>disentangled</source>
        <translation>解耦</translation>
    </message>
    <message>
        <source>The chosen response does not fall and the rejected one does not rise: log r is in the band.</source>
        <translation>被选回复不降，被拒回复不升：log r 在解耦带内。</translation>
    </message>
    <message>
        <source>reversed</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>The chosen response falls while the rejected one does not, or the rejected one rises while the chosen one does not: against the preference. The paper&apos;s table has no such row.</source>
        <translation>被选回复下降而被拒者不降，或被拒回复上升而被选者不升：与偏好相反。论文的表中没有这一行。</translation>
    </message>
    <message>
        <source>predicted pathway</source>
        <translation>预测路径</translation>
    </message>
    <message>
        <source>The pathway that log r and the scores of a step give for that step&apos;s own pairs.</source>
        <translation>由某一步的 log r 与得分对该步自身样本对得出的路径。</translation>
    </message>
    <message>
        <source>realised pathway</source>
        <translation>实际路径</translation>
    </message>
    <message>
        <source>probe set</source>
        <translation>探测集</translation>
    </message>
    <message>
        <source>Pairs held out from training and looked at again and again, the same each time.</source>
        <translation>不参与训练、每次都相同、反复评估的样本对。</translation>
    </message>
    <message>
        <source>Eq. (%1)</source>
        <translation>式 (%1)</translation>
    </message>
    <message>
        <source>Corollary %1</source>
        <translation>推论 %1</translation>
    </message>
    <message>
        <source>The pathway of the change of both likelihoods. With scores.after_update, of each step&apos;s own pairs before and after its update; else to the next step, against the reference. The next step has other pairs: one step says little, many show the trend.</source>
        <translation>两个似然的变化所走的路径。启用 scores.after_update 时，是每步自己的样本对在更新前后的变化；否则是相对参考模型到下一步的变化。下一步是另一批样本对：单步说明不了什么，多步才显出趋势。</translation>
    </message>
</context>
<context>
    <name>WhatWillRun</name>
    <message numerus="yes">
        <source>%n runs: %1</source>
        <translation>
            <numerusform>%n 个运行：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 个参数</translation>
    </message>
    <message>
        <source>%1 steps of %2 pairs</source>
        <translation>%1 步，每步 %2 个样本对</translation>
    </message>
    <message>
        <source>%1 parameters, %2 trained</source>
        <translation>%1 个参数，训练其中 %2</translation>
    </message>
    <message numerus="yes">
        <source>%1 pairs</source>
        <translation>
            <numerusform>%1 个样本对</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 at the pace of an earlier run</source>
        <translation>按先前运行的速度%1</translation>
    </message>
    <message>
        <source>%1 on each of %2 devices</source>
        <translation>%2 个设备各 %1</translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerBoard</name>
    <message>
        <source>Answer of %1</source>
        <translation>%1 的回答</translation>
    </message>
    <message>
        <source>The answer is empty: the first token ended it.</source>
        <translation>回答为空：第一个词元即结束了回答。</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>response of the data</source>
        <translation>数据中的回复</translation>
    </message>
    <message>
        <source>Write a prompt at the left, or take a pair of the run&apos;s data, and send it: the answers of the chosen models appear here side by side while they are written.</source>
        <translation>在左侧写下提示，或取运行数据中的一对，然后发送：所选模型的回答将在生成的同时并排显示在此处。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerForm</name>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>No file is chosen.</source>
        <translation>尚未选择文件。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Rows with prompt, instruction or messages (*.jsonl *.json *.gz *.parquet)</source>
        <translation>含 prompt、instruction 或 messages 的行 (*.jsonl *.json *.gz *.parquet)</translation>
    </message>
    <message>
        <source>A prompt</source>
        <translation>一条提示</translation>
    </message>
    <message>
        <source>A pair of the run&apos;s data</source>
        <translation>运行数据中的一对</translation>
    </message>
    <message>
        <source>A file of prompts</source>
        <translation>提示文件</translation>
    </message>
    <message>
        <source>Where the prompt is from</source>
        <translation>提示的来源</translation>
    </message>
    <message>
        <source>Prompt (Ctrl+Enter sends it)</source>
        <translation>提示（Ctrl+Enter 发送）</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>&amp;Line of the data</source>
        <translation>数据行(&amp;L)</translation>
    </message>
    <message>
        <source>The pair chosen in the tab Pairs is taken over. Its prompt is asked as the run saw it.</source>
        <translation>沿用在“样本对”标签页中选中的一对，其提示与运行所见相同。</translation>
    </message>
    <message>
        <source>&amp;Choose a file…</source>
        <translation>选择文件(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>Chec&amp;kpoint</source>
        <translation>检查点(&amp;K)</translation>
    </message>
    <message>
        <source>Ma&amp;x. tokens</source>
        <translation>最多词元(&amp;X)</translation>
    </message>
    <message>
        <source>Temper&amp;ature</source>
        <translation>温度(&amp;A)</translation>
    </message>
    <message>
        <source>Top-&amp;p</source>
        <translation>核采样阈值(&amp;P)</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>随机种子(&amp;D)</translation>
    </message>
    <message>
        <source>Models that are asked</source>
        <translation>被提问的模型</translation>
    </message>
    <message>
        <source>newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>0: the likeliest token each time</source>
        <translation>0：每次取最可能的词元</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together reach this share are drawn</source>
        <translation>只从累计概率达到该值的最可能词元中抽样</translation>
    </message>
    <message>
        <source>Checkpoint whose weights answer; step 0 is the run as it began</source>
        <translation>用其权重回答的检查点；第 0 步为运行开始时的状态</translation>
    </message>
    <message>
        <source>Chat &amp;template</source>
        <translation>对话模板(&amp;T)</translation>
    </message>
    <message>
        <source>The prompt is put as a user&apos;s message into the model&apos;s chat template</source>
        <translation>将提示作为用户消息放入模型的对话模板</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>发送(&amp;S)</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>停止(&amp;O)</translation>
    </message>
    <message>
        <source>step %1, not there</source>
        <translation>第 %1 步（不存在）</translation>
    </message>
    <message>
        <source>There is no checkpoint of step %1 here. Choose another one, or the newest.</source>
        <translation>这里没有第 %1 步的检查点。请选择其他检查点，或选择最新的。</translation>
    </message>
    <message>
        <source>in the data of %1</source>
        <translation>来自 %1 的数据</translation>
    </message>
    <message>
        <source>Asks the chosen models (%1)</source>
        <translation>向所选模型提问（%1）</translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerLog</name>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n 个词元</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 · %2 tokens/s</source>
        <translation>%1 · %2 词元/秒</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>the model is loaded…</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>reads the prompt…</source>
        <translation>正在读取提示…</translation>
    </message>
    <message>
        <source>stopped after %1</source>
        <translation>在 %1 后停止</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>被拒</translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswerRunner</name>
    <message>
        <source>The model cannot be asked: %1.</source>
        <translation>无法向模型提问：%1。</translation>
    </message>
    <message>
        <source>The prompts cannot be handed to the engine: %1.</source>
        <translation>无法将提示交给引擎：%1。</translation>
    </message>
    <message>
        <source>The engine cannot be started: %1.</source>
        <translation>无法启动引擎：%1。</translation>
    </message>
    <message>
        <source>The engine gave an answer that is not understood.</source>
        <translation>引擎的答复无法理解。</translation>
    </message>
    <message>
        <source>The engine ended without an answer.</source>
        <translation>引擎未给出回答就结束了。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::AnswersTab</name>
    <message>
        <source>%1 before training</source>
        <translation>训练前的 %1</translation>
    </message>
    <message>
        <source>Save answers</source>
        <translation>保存回答</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON 行 (*.jsonl)</translation>
    </message>
    <message>
        <source>AlpacaEval (*.json)</source>
        <translation>AlpacaEval (*.json)</translation>
    </message>
    <message>
        <source>There is no prompt in the file.</source>
        <translation>文件中没有提示。</translation>
    </message>
    <message>
        <source>What was asked</source>
        <translation>提过的问题</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the prompt and its answers</source>
        <translation>复制提示及其回答</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save all answers, or those of the selected prompts where several are selected</source>
        <translation>保存全部回答；选中多条提示时只保存它们的回答</translation>
    </message>
    <message>
        <source>JSON lines…</source>
        <translation>JSON 行…</translation>
    </message>
    <message>
        <source>For AlpacaEval…</source>
        <translation>用于 AlpacaEval…</translation>
    </message>
    <message>
        <source>No answer is finished yet.</source>
        <translation>尚无完成的回答。</translation>
    </message>
    <message>
        <source>The answers are saved in %1</source>
        <translation>回答已保存到 %1</translation>
    </message>
    <message>
        <source>The answers were not saved: %1</source>
        <translation>回答未能保存：%1</translation>
    </message>
    <message>
        <source>The record says no model that could be asked: it was imported, or moved out of its folder.</source>
        <translation>记录中没有可以提问的模型：它是导入的，或已移出其文件夹。</translation>
    </message>
    <message>
        <source>Answers are asked on the machine of the weights only: runs on servers are left out.</source>
        <translation>只能在权重所在的机器上提问：服务器上的运行不在此列。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::BenchmarkModel</name>
    <message>
        <source>%1 over the %2 items that both answered: %3 gained, %4 lost, p %5</source>
        <translation>对双方都作答的 %2 道题做%1：%3 道变对，%4 道变错，p %5</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Mean of the benchmarks that are in no group, one number of each</source>
        <translation>不属于任何组的各基准的均值，每项取一个数</translation>
    </message>
    <message>
        <source>not evaluated</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>%1, step %2, in per cent</source>
        <translation>%1，第 %2 步，单位为 %</translation>
    </message>
    <message>
        <source>not tested: the answers to the items are not kept with both runs</source>
        <translation>未检验：两个运行没有都保留各题的回答</translation>
    </message>
    <message>
        <source>Benchmark</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>Metric</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Items of the benchmark</source>
        <translation>基准的题目数</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>题目</translation>
    </message>
    <message>
        <source>Two-sided p of the paired test over the items that both runs answered; * marks p &lt; 0.05</source>
        <translation>对两个运行都作答的题目做配对检验的双侧 p 值；* 表示 p &lt; 0.05</translation>
    </message>
    <message>
        <source>Second run minus first, in points</source>
        <translation>第二个运行减第一个，单位为百分点</translation>
    </message>
    <message>
        <source>the paired test is being computed</source>
        <translation>正在计算配对检验</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ChangedModel</name>
    <message>
        <source>gained</source>
        <translation>变对</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>变错</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Right answer</source>
        <translation>正确答案</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ChangedView</name>
    <message>
        <source>%1: reading the answers…</source>
        <translation>%1：正在读取回答…</translation>
    </message>
    <message>
        <source>, the first %1 are listed</source>
        <translation>，列出前 %1 道</translation>
    </message>
    <message>
        <source>All changes</source>
        <translation>全部变化</translation>
    </message>
    <message>
        <source>Gained</source>
        <translation>变对</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>变错</translation>
    </message>
    <message>
        <source>Changes to list</source>
        <translation>列出哪些变化</translation>
    </message>
    <message>
        <source>Gained: the second run&apos;s answer scores higher; lost: lower</source>
        <translation>变对：第二个运行的得分更高；变错：更低</translation>
    </message>
    <message>
        <source>Changed items</source>
        <translation>变化的题目</translation>
    </message>
    <message>
        <source>The chosen item</source>
        <translation>所选题目</translation>
    </message>
    <message>
        <source>%1 of %2 items changed · %3</source>
        <translation>%2 道题中有 %1 道变化 · %3</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ChartTab</name>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Logarithmic steps</source>
        <translation>步数取对数</translation>
    </message>
    <message>
        <source>Logarithmic values, where they are positive</source>
        <translation>数值取对数（为正处）</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Which panels are shown, and their axes</source>
        <translation>显示哪些面板及其坐标轴</translation>
    </message>
    <message>
        <source>A mean, exponential or over so many steps, drawn in front of the raw curve</source>
        <translation>画在原始曲线之上的指数平均或若干步平均</translation>
    </message>
    <message>
        <source>The column %1 is not in the record of %2</source>
        <translation>%2 的记录中没有列 %1</translation>
    </message>
    <message>
        <source>What the charts run over</source>
        <translation>图表的横轴</translation>
    </message>
    <message>
        <source>%1: the charts run over steps</source>
        <translation>%1：图表以步数为横轴</translation>
    </message>
    <message>
        <source>Means over seeds</source>
        <translation>各种子的均值</translation>
    </message>
    <message>
        <source>Runs that differ in the seed alone as their mean, with a band of its spread</source>
        <translation>仅种子不同的运行合为其均值，并以带表示离散程度</translation>
    </message>
    <message>
        <source>No two of the runs differ in the seed alone</source>
        <translation>没有仅种子不同的运行</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ChoiceList</name>
    <message>
        <source>choose…</source>
        <translation>请选择…</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ColumnsDialog</name>
    <message>
        <source>Columns of the table</source>
        <translation>表格的列</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Choose the column that counts the steps.</source>
        <translation>请选择记录步数的列。</translation>
    </message>
    <message>
        <source>Choose a column for one quantity at least.</source>
        <translation>请至少为一个量选择列。</translation>
    </message>
    <message>
        <source>%1 is chosen twice.</source>
        <translation>%1 被选择了两次。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::CompareTab</name>
    <message>
        <source>Final figures</source>
        <translation>最终数值</translation>
    </message>
    <message>
        <source>Select two or more runs to compare their specs</source>
        <translation>选择两个或更多运行以比较其配置</translation>
    </message>
    <message>
        <source>Spec</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Differences only</source>
        <translation>仅显示差异</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>As text</source>
        <translation>作为文本</translation>
    </message>
    <message>
        <source>As CSV</source>
        <translation>作为 CSV</translation>
    </message>
    <message>
        <source>As LaTeX</source>
        <translation>作为 LaTeX</translation>
    </message>
    <message>
        <source>Table to show</source>
        <translation>要显示的表格</translation>
    </message>
    <message>
        <source>Sweep table</source>
        <translation>扫描表</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ConnectionTest</name>
    <message>
        <source>No answer yet; ssh may be asking in a window of its own.</source>
        <translation>尚无应答；ssh 可能正在另一个窗口中询问。</translation>
    </message>
    <message>
        <source>No answer yet.</source>
        <translation>尚无应答。</translation>
    </message>
    <message>
        <source>ssh</source>
        <translation>ssh</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>%1 cannot be started: install OpenSSH&apos;s client (openssh-client).</source>
        <translation>无法启动 %1：请安装 OpenSSH 客户端（openssh-client）。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Connected to %1 in %2 s.</source>
        <translation>已连接 %1，用时 %2 秒。</translation>
    </message>
    <message>
        <source>Install the same version of Bandscope here and there.</source>
        <translation>请在两端安装相同版本的 Bandscope。</translation>
    </message>
    <message>
        <source>bandscope-engine %1 on %2.</source>
        <translation>bandscope-engine %1，主机 %2。</translation>
    </message>
    <message>
        <source>It is older than this program (%1).</source>
        <translation>它比本程序（%1）旧。</translation>
    </message>
    <message>
        <source>It is newer than this program (%1).</source>
        <translation>它比本程序（%1）新。</translation>
    </message>
    <message>
        <source>It is too old to: %1. Install a newer one there.</source>
        <translation>它太旧，不能：%1。请在那里安装新版本。</translation>
    </message>
    <message>
        <source>Its clock is %1 ahead of this machine&apos;s.</source>
        <translation>它的时钟比本机快 %1。</translation>
    </message>
    <message>
        <source>Its clock is %1 behind this machine&apos;s.</source>
        <translation>它的时钟比本机慢 %1。</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs are jobs of Slurm.</source>
        <translation>运行作为 Slurm 作业。</translation>
    </message>
    <message>
        <source>It names none.</source>
        <translation>它没有列出设备。</translation>
    </message>
    <message>
        <source>The engine there gave an answer that is not understood.</source>
        <translation>对端引擎的应答无法理解。</translation>
    </message>
    <message>
        <source>runs, in the home folder there</source>
        <translation>那里主目录下的 runs</translation>
    </message>
    <message>
        <source>%1: no runs yet</source>
        <translation>%1：还没有运行</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n run(s)</source>
        <translation>
            <numerusform>%1：%n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>Data: %1</source>
        <translation>数据：%1</translation>
    </message>
    <message>
        <source>Models: %1</source>
        <translation>模型：%1</translation>
    </message>
    <message>
        <source>%1 is there.</source>
        <translation>%1 已找到。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ConnectionTestDialog</name>
    <message>
        <source>&amp;What ssh and the server said</source>
        <translation>ssh 和服务器的输出(&amp;W)</translation>
    </message>
    <message>
        <source>Connection to %1</source>
        <translation>连接到 %1</translation>
    </message>
    <message>
        <source>What ssh and the server said</source>
        <translation>ssh 和服务器的输出</translation>
    </message>
    <message>
        <source>Test &amp;again</source>
        <translation>重新测试(&amp;A)</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未尝试</translation>
    </message>
    <message>
        <source>trying…</source>
        <translation>正在尝试…</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>done, but see</source>
        <translation>完成，但请注意</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>bandscope::app::CursorStrip</name>
    <message>
        <source>no step yet</source>
        <translation>尚无步</translation>
    </message>
    <message>
        <source>in</source>
        <translation>带内</translation>
    </message>
    <message>
        <source>out</source>
        <translation>带外</translation>
    </message>
    <message>
        <source>undefined</source>
        <translation>未定义</translation>
    </message>
    <message>
        <source>Values at the cursor</source>
        <translation>光标处的数值</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>解耦带</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Realised</source>
        <translation>实际</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>%1 个运行</translation>
    </message>
    <message>
        <source>Step, raw values</source>
        <translation>步，原始值</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>Values are as recorded at this step, also where charts are smoothed.</source>
        <translation>数值为该步所记录的原始值，图表平滑时也是如此。</translation>
    </message>
    <message>
        <source>Same pairs: the likelihoods of this step&apos;s pairs before and after its update.</source>
        <translation>同一批样本对：本步样本对在更新前后的似然。</translation>
    </message>
    <message>
        <source>Different pairs: the change from this step&apos;s pairs to the next step&apos;s.</source>
        <translation>不同样本对：从本步的样本对到下一步的样本对的变化。</translation>
    </message>
    <message>
        <source>Realised, same pairs</source>
        <translation>实际（同一批样本对）</translation>
    </message>
    <message>
        <source>Realised, different pairs</source>
        <translation>实际（不同样本对）</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ElidedLine</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>bandscope::app::EngineSocket</name>
    <message>
        <source>the engine did not answer within 5 s</source>
        <translation>引擎在 5 秒内没有应答</translation>
    </message>
    <message>
        <source>the engine does not listen at %1; the run may have ended</source>
        <translation>引擎未在 %1 监听；运行可能已结束</translation>
    </message>
    <message>
        <source>the engine of this run has no control socket</source>
        <translation>该运行的引擎没有控制套接字</translation>
    </message>
    <message>
        <source>the engine gave an answer that is not understood</source>
        <translation>引擎的应答无法理解</translation>
    </message>
</context>
<context>
    <name>bandscope::app::EvaluationTab</name>
    <message>
        <source>Final numbers, step %1, in per cent</source>
        <translation>最终结果，第 %1 步，单位为 %</translation>
    </message>
    <message>
        <source>Select two runs to see which items changed</source>
        <translation>选择两个运行以查看哪些题目有变化</translation>
    </message>
    <message>
        <source>Choose a benchmark that both runs have, to see which items changed</source>
        <translation>选择两个运行都有的基准，以查看哪些题目有变化</translation>
    </message>
    <message>
        <source>The answers to the items of %1 are not kept</source>
        <translation>没有保留 %1 各题的回答</translation>
    </message>
    <message>
        <source>No benchmark has been evaluated yet</source>
        <translation>尚未评估任何基准</translation>
    </message>
    <message>
        <source>No benchmark was evaluated</source>
        <translation>没有评估任何基准</translation>
    </message>
    <message>
        <source>The spec names benchmarks. Their first numbers appear here when the evaluation at the start, or after so many steps, has ended.</source>
        <translation>配置写明了基准。开始时或若干步后的评估结束时，首批结果会显示在这里。</translation>
    </message>
    <message>
        <source>What to add to the spec</source>
        <translation>要加入配置的内容</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Filter benchmarks</source>
        <translation>筛选基准</translation>
    </message>
    <message>
        <source>Shows the benchmarks with this in their name or metric, in the table and the charts</source>
        <translation>在表格和图中只显示名称或指标含有此文字的基准</translation>
    </message>
    <message>
        <source>The table in the layout of the paper&apos;s Table 4</source>
        <translation>按论文表 4 的版式复制表格</translation>
    </message>
    <message>
        <source>As CSV</source>
        <translation>CSV 格式</translation>
    </message>
    <message>
        <source>As LaTeX</source>
        <translation>LaTeX 格式</translation>
    </message>
    <message>
        <source>Export as a figure…</source>
        <translation>导出为图…</translation>
    </message>
    <message>
        <source>Changed items</source>
        <translation>变化的题目</translation>
    </message>
    <message>
        <source>Table to show</source>
        <translation>要显示的表格</translation>
    </message>
    <message>
        <source>A run evaluates benchmarks at the start, every so many steps and at the end when its spec names task files of lm-evaluation-harness. Add this to the spec, or tick “All keys” in New experiment and fill in the fields “Benchmarks”:</source>
        <translation>配置写明 lm-evaluation-harness 的任务文件后，运行会在开始时、每隔若干步和结束时评估基准。请把下面的内容加入配置，或在“新建实验”中勾选“全部键”后填写“基准”各栏：</translation>
    </message>
    <message>
        <source>No benchmark has “%1” in its name or metric.</source>
        <translation>没有名称或指标含“%1”的基准。</translation>
    </message>
    <message>
        <source>The paired tests are being computed</source>
        <translation>正在计算配对检验</translation>
    </message>
    <message>
        <source>Last numbers of each run, in per cent</source>
        <translation>各运行最近的数值（百分比）</translation>
    </message>
    <message>
        <source>Numbers of step %1, in per cent</source>
        <translation>第 %1 步的数值（百分比）</translation>
    </message>
    <message>
        <source>%1: reading the answers…</source>
        <translation>%1：正在读取回答…</translation>
    </message>
    <message>
        <source>Last numbers of the benchmarks</source>
        <translation>各基准的最近数值</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
</context>
<context>
    <name>bandscope::app::FigureDialog</name>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Export figure</source>
        <translation>导出图</translation>
    </message>
    <message>
        <source>Load template…</source>
        <translation>载入模板…</translation>
    </message>
    <message>
        <source>Save as template…</source>
        <translation>存为模板…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Stopped; nothing is written.</source>
        <translation>已停止；没有写入任何内容。</translation>
    </message>
    <message>
        <source>No run is ticked.</source>
        <translation>没有勾选任何运行。</translation>
    </message>
    <message>
        <source>Save as template</source>
        <translation>存为模板</translation>
    </message>
    <message>
        <source>Load template</source>
        <translation>载入模板</translation>
    </message>
    <message>
        <source>Figure templates (*.toml)</source>
        <translation>图模板 (*.toml)</translation>
    </message>
    <message>
        <source>%1 is written. bandscope export RUN… --template %1 --out FILE makes this figure again.</source>
        <translation>已写入 %1。用 bandscope export RUN… --template %1 --out FILE 可再次生成此图。</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>Written to %1: %2.</source>
        <translation>已写入 %1：%2。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>No format is ticked.</source>
        <translation>未勾选任何格式。</translation>
    </message>
    <message>
        <source>Replace %1?</source>
        <translation>替换 %1？</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
</context>
<context>
    <name>bandscope::app::FigureForm</name>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Logarithmic steps</source>
        <translation>步数取对数</translation>
    </message>
    <message>
        <source>Logarithmic values</source>
        <translation>数值取对数</translation>
    </message>
    <message>
        <source>all that are ticked</source>
        <translation>全部勾选的</translation>
    </message>
    <message>
        <source>pairs w/o and w/ RC</source>
        <translation>无 RC 与有 RC 的成对运行</translation>
    </message>
    <message>
        <source>w/o RC only</source>
        <translation>仅无 RC</translation>
    </message>
    <message>
        <source>w/ RC only</source>
        <translation>仅有 RC</translation>
    </message>
    <message>
        <source>the figure&apos;s own</source>
        <translation>图的默认宽度</translation>
    </message>
    <message>
        <source>ICML, one column</source>
        <translation>ICML 单栏</translation>
    </message>
    <message>
        <source>ICML, both columns</source>
        <translation>ICML 双栏</translation>
    </message>
    <message>
        <source>NeurIPS</source>
        <translation>NeurIPS</translation>
    </message>
    <message>
        <source>ACL, one column</source>
        <translation>ACL 单栏</translation>
    </message>
    <message>
        <source>ACL, both columns</source>
        <translation>ACL 双栏</translation>
    </message>
    <message>
        <source>another width</source>
        <translation>其他宽度</translation>
    </message>
    <message>
        <source>Okabe–Ito</source>
        <translation>Okabe–Ito</translation>
    </message>
    <message>
        <source>greys</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>exponential mean, momentum</source>
        <translation>指数平均，动量</translation>
    </message>
    <message>
        <source>mean over steps</source>
        <translation>多步平均</translation>
    </message>
    <message>
        <source>full</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>from the panels</source>
        <translation>由面板决定</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>图</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Palette</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>as in the template</source>
        <translation>按模板</translation>
    </message>
    <message>
        <source>as on the screen</source>
        <translation>按屏幕</translation>
    </message>
    <message>
        <source>Pathway strip</source>
        <translation>路径条带</translation>
    </message>
    <message>
        <source>Formats</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Runs drawn</source>
        <translation>绘制的运行</translation>
    </message>
    <message>
        <source>Means over seeds</source>
        <translation>各种子的均值</translation>
    </message>
    <message>
        <source>x axis</source>
        <translation>x 轴</translation>
    </message>
</context>
<context>
    <name>bandscope::app::FigurePreview</name>
    <message>
        <source>Preview of the figure</source>
        <translation>图的预览</translation>
    </message>
    <message>
        <source>%1 × %2 mm</source>
        <translation>%1 × %2 mm</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>%1 × %2 mm, shown at %3 %</source>
        <translation>%1 × %2 mm，按 %3 % 显示</translation>
    </message>
</context>
<context>
    <name>bandscope::app::Glossary</name>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
    <message>
        <source>Search: z_w, band, alpha…</source>
        <translation>搜索：z_w、解耦带、alpha…</translation>
    </message>
    <message>
        <source>Search the glossary</source>
        <translation>搜索术语表</translation>
    </message>
    <message>
        <source>Terms</source>
        <translation>术语</translation>
    </message>
    <message>
        <source>No term has “%1” in it.</source>
        <translation>没有包含“%1”的术语。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::LaunchPage</name>
    <message>
        <source>Open spec</source>
        <translation>打开配置</translation>
    </message>
    <message>
        <source>Run specs (*.toml)</source>
        <translation>运行配置 (*.toml)</translation>
    </message>
    <message>
        <source>Save spec</source>
        <translation>保存配置</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>无法写入 %1：%2</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>New experiment</source>
        <translation>新建实验</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>全部键</translation>
    </message>
    <message>
        <source>Open spec…</source>
        <translation>打开配置…</translation>
    </message>
    <message>
        <source>Save spec…</source>
        <translation>保存配置…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Runs go to</source>
        <translation>运行保存到</translation>
    </message>
    <message>
        <source>Spec as TOML</source>
        <translation>TOML 形式的配置</translation>
    </message>
    <message>
        <source>Keep as recipe</source>
        <translation>存为配方</translation>
    </message>
    <message>
        <source>Name of the recipe</source>
        <translation>配方名称</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>停止实测</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>No estimate of memory: %1</source>
        <translation>无法估计内存：%1</translation>
    </message>
    <message>
        <source>Measuring a few steps…</source>
        <translation>正在实测若干步…</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>配方</translation>
    </message>
    <message>
        <source>Recipe to start from</source>
        <translation>作为起点的配方</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep as recipe…</source>
        <translation>存为配方…</translation>
    </message>
    <message>
        <source>Trains a few steps of each run for time and memory; nothing is kept</source>
        <translation>每个运行试训若干步以测时间与内存；不保留任何结果</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Waits behind the other runs until the queue gets to it</source>
        <translation>排在其他运行之后，等待队列轮到</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 处</numerusform>
        </translation>
    </message>
    <message>
        <source>New experiment, cloned from %1</source>
        <translation>新建实验（克隆自 %1）</translation>
    </message>
    <message>
        <source>Start afresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Puts the draft away and begins with an empty one; Undo brings it back</source>
        <translation>放弃草稿，从空白规格开始；“撤销”可恢复</translation>
    </message>
    <message>
        <source>Trains now; what finds its device busy waits at the end of the queue</source>
        <translation>立即训练；设备正忙的运行排到队列末尾</translation>
    </message>
    <message>
        <source>on %1: its folder of runs</source>
        <translation>在 %1 上：其运行文件夹</translation>
    </message>
    <message>
        <source>on %1: %2</source>
        <translation>在 %1 上：%2</translation>
    </message>
    <message>
        <source>Trains on %1 at once; it goes on without this window</source>
        <translation>立即在 %1 上训练；关闭本窗口后仍会继续</translation>
    </message>
    <message>
        <source>Waits in the queue of %1, which goes on without this window</source>
        <translation>进入 %1 的队列等待；关闭本窗口后队列仍会继续</translation>
    </message>
    <message>
        <source>Hands each run to Slurm on %1 as a job, which starts when there is room</source>
        <translation>把每个运行作为作业交给 %1 上的 Slurm，有空位时开始</translation>
    </message>
    <message>
        <source>Submit job</source>
        <translation>提交作业</translation>
    </message>
</context>
<context>
    <name>bandscope::app::LayerMap</name>
    <message>
        <source>step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>%1, step %2: %3</source>
        <translation>%1，第 %2 步：%3</translation>
    </message>
</context>
<context>
    <name>bandscope::app::LayersTab</name>
    <message>
        <source>Reading…</source>
        <translation>读取中…</translation>
    </message>
    <message>
        <source>No step has been recorded yet.</source>
        <translation>尚未记录任何步。</translation>
    </message>
    <message>
        <source>This run recorded no scores per layer. Train with scores.scope = &quot;all&quot; and scores.layers = true.</source>
        <translation>此运行没有记录逐层得分。请以 scores.scope = &quot;all&quot; 和 scores.layers = true 训练。</translation>
    </message>
    <message>
        <source>‖s_w‖, score norm of the chosen response</source>
        <translation>‖s_w‖，被选回复的得分范数</translation>
    </message>
    <message>
        <source>‖s_l‖, score norm of the rejected response</source>
        <translation>‖s_l‖，被拒回复的得分范数</translation>
    </message>
    <message>
        <source>ρ, cosine of the scores</source>
        <translation>ρ，两得分的余弦</translation>
    </message>
    <message>
        <source>log r*, centre of the band</source>
        <translation>log r*，解耦带中心</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>Run whose layers are shown</source>
        <translation>显示其各层的运行</translation>
    </message>
    <message>
        <source>Layers over the steps</source>
        <translation>各层随步的变化</translation>
    </message>
</context>
<context>
    <name>bandscope::app::Layouts</name>
    <message>
        <source>La&amp;yout</source>
        <translation>布局(&amp;Y)</translation>
    </message>
    <message>
        <source>layout “%1”</source>
        <translation>布局“%1”</translation>
    </message>
    <message>
        <source>forget layout “%1”</source>
        <translation>删除布局“%1”</translation>
    </message>
    <message>
        <source>reset layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>&amp;Save layout as…</source>
        <translation>布局另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>删除(&amp;F)</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>保存布局</translation>
    </message>
    <message>
        <source>Name of the layout. One of the same name is replaced.</source>
        <translation>布局的名称。同名布局将被替换。</translation>
    </message>
    <message>
        <source>My layout</source>
        <translation>我的布局</translation>
    </message>
</context>
<context>
    <name>bandscope::app::LogTab</name>
    <message>
        <source>There is no %1: the run wrote no log, or the record was moved without it.</source>
        <translation>没有 %1：该运行没有写日志，或记录被单独移走。</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Run whose log is shown</source>
        <translation>显示其日志的运行</translation>
    </message>
    <message>
        <source>%1/log.txt on %2</source>
        <translation>%2 上的 %1/log.txt</translation>
    </message>
    <message>
        <source>The log cannot be had: %1.</source>
        <translation>无法获取日志：%1。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::MainWindow</name>
    <message>
        <source>Open record</source>
        <translation>打开记录</translation>
    </message>
    <message>
        <source>Add folder of runs</source>
        <translation>添加运行文件夹</translation>
    </message>
    <message>
        <source>Start from spec file</source>
        <translation>从配置文件启动</translation>
    </message>
    <message>
        <source>Run specs (*.toml)</source>
        <translation>运行配置 (*.toml)</translation>
    </message>
    <message>
        <source>%1 is written.</source>
        <translation>已写入 %1。</translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation>键盘与鼠标</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>zoom the steps at the cursor</source>
        <translation>以光标为中心缩放步轴</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Ctrl + 滚轮</translation>
    </message>
    <message>
        <source>zoom the values</source>
        <translation>缩放数值轴</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>move the view</source>
        <translation>移动视图</translation>
    </message>
    <message>
        <source>Right drag, Shift + drag</source>
        <translation>右键拖动、Shift + 拖动</translation>
    </message>
    <message>
        <source>zoom into a box</source>
        <translation>框选放大</translation>
    </message>
    <message>
        <source>Double click, Home</source>
        <translation>双击、Home</translation>
    </message>
    <message>
        <source>show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Backspace</source>
        <translation>Backspace</translation>
    </message>
    <message>
        <source>zoom back</source>
        <translation>返回上一缩放</translation>
    </message>
    <message>
        <source>move the cursor a step</source>
        <translation>光标移动一步</translation>
    </message>
    <message>
        <source>+ and −</source>
        <translation>+ 与 −</translation>
    </message>
    <message>
        <source>zoom in and out</source>
        <translation>放大与缩小</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>replay, pause</source>
        <translation>回放、暂停</translation>
    </message>
    <message>
        <source>[ and ]</source>
        <translation>[ 与 ]</translation>
    </message>
    <message>
        <source>previous and next event</source>
        <translation>上一个与下一个事件</translation>
    </message>
    <message>
        <source>filter runs</source>
        <translation>筛选运行</translation>
    </message>
    <message>
        <source>new experiment</source>
        <translation>新建实验</translation>
    </message>
    <message>
        <source>open record</source>
        <translation>打开记录</translation>
    </message>
    <message>
        <source>start from spec file</source>
        <translation>从配置文件启动</translation>
    </message>
    <message>
        <source>export figure</source>
        <translation>导出图</translation>
    </message>
    <message>
        <source>stop the run, asked before</source>
        <translation>停止运行，先询问</translation>
    </message>
    <message>
        <source>previous and next tab</source>
        <translation>上一与下一标签页</translation>
    </message>
    <message>
        <source>look for runs again</source>
        <translation>重新查找运行</translation>
    </message>
    <message>
        <source>About Bandscope</source>
        <translation>关于 Bandscope</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Bandscope %1&lt;/h3&gt;&lt;p&gt;See, compare and steer what preference optimization does to a language model.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Bandscope %1&lt;/h3&gt;&lt;p&gt;查看、比较并调控偏好优化对语言模型的作用。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Commit %1 · Qt %2 · HDF5 %3 · run record format 1

The application is free software under the GNU General Public License, version 3 or later; engine and core under the Apache License 2.0.</source>
        <translation>提交 %1 · Qt %2 · HDF5 %3 · 运行记录格式 1

本应用是自由软件，遵循 GNU 通用公共许可证第 3 版或更新版本；引擎与核心遵循 Apache License 2.0。</translation>
    </message>
    <message>
        <source>&amp;Runs</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>New experiment</source>
        <translation>新建实验</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>&lt;h3&gt;No run is selected&lt;/h3&gt;&lt;p&gt;Choose a run at the left, drop a record on the window, or&lt;/p&gt;&lt;p&gt;&lt;a href=&quot;new&quot;&gt;start a new experiment&lt;/a&gt; &amp;nbsp;·&amp;nbsp; &lt;a href=&quot;open&quot;&gt;open a record…&lt;/a&gt; &amp;nbsp;·&amp;nbsp; &lt;a href=&quot;folder&quot;&gt;add a folder of runs…&lt;/a&gt;&lt;/p&gt;&lt;p&gt;Two selected runs are compared; a run and its twin with reward calibration are shown as a pair.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;未选择运行&lt;/h3&gt;&lt;p&gt;在左侧选择一个运行，把记录拖到窗口上，或者&lt;/p&gt;&lt;p&gt;&lt;a href=&quot;new&quot;&gt;新建实验&lt;/a&gt; &amp;nbsp;·&amp;nbsp; &lt;a href=&quot;open&quot;&gt;打开记录…&lt;/a&gt; &amp;nbsp;·&amp;nbsp; &lt;a href=&quot;folder&quot;&gt;添加运行文件夹…&lt;/a&gt;&lt;/p&gt;&lt;p&gt;选中两个运行即进行比较；同一配置无、有奖励校准的两个运行会成对显示。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Nothing was opened yet</source>
        <translation>还没有打开过任何内容</translation>
    </message>
    <message>
        <source>Forget these</source>
        <translation>忘记这些</translation>
    </message>
    <message>
        <source>There is no file or folder %1.</source>
        <translation>没有文件或文件夹 %1。</translation>
    </message>
    <message>
        <source>Left, right, up, down</source>
        <translation>左、右、上、下</translation>
    </message>
    <message>
        <source>Shift + left, Shift + right</source>
        <translation>Shift + 左、Shift + 右</translation>
    </message>
    <message>
        <source>one chart alone, and back</source>
        <translation>仅显示一图，再按还原</translation>
    </message>
    <message>
        <source>the dashboard on the whole screen, and back</source>
        <translation>仪表板全屏，再按还原</translation>
    </message>
    <message>
        <source>undo and redo a change of the view or of the library</source>
        <translation>撤销与重做对视图或运行库的更改</translation>
    </message>
    <message>
        <source>star, tags and note of the selected runs</source>
        <translation>所选运行的星标、标签与备注</translation>
    </message>
    <message>
        <source>F2, Delete</source>
        <translation>F2、Delete</translation>
    </message>
    <message>
        <source>rename, move to the trash</source>
        <translation>重命名、移到回收站</translation>
    </message>
    <message>
        <source>Alt + up, Alt + down</source>
        <translation>Alt + 上、Alt + 下</translation>
    </message>
    <message>
        <source>order of the queue</source>
        <translation>队列的顺序</translation>
    </message>
    <message>
        <source>the window on the whole screen</source>
        <translation>窗口全屏</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>撤销(&amp;U)：%1</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>重做(&amp;R)：%1</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Ctrl+Return, Ctrl+Shift+Return</source>
        <translation>Ctrl+Return、Ctrl+Shift+Return</translation>
    </message>
    <message>
        <source>start the new experiment, or add it to the queue</source>
        <translation>启动新实验，或将其加入队列</translation>
    </message>
    <message>
        <source>settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Records, specs, logs of other trainers (*.h5 *.toml *.json *.jsonl);;Run records (*.h5);;All files (*)</source>
        <translation>记录、规格、其他训练程序的日志 (*.h5 *.toml *.json *.jsonl);;运行记录 (*.h5);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Esc in the list</source>
        <translation>列表中的 Esc</translation>
    </message>
    <message>
        <source>clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>%1 does not go on: %2.</source>
        <translation>%1 没有继续：%2。</translation>
    </message>
    <message>
        <source>%1 is not run again: %2.</source>
        <translation>%1 没有再次运行：%2。</translation>
    </message>
    <message>
        <source>%1 is not cloned: %2.</source>
        <translation>%1 没有克隆：%2。</translation>
    </message>
    <message>
        <source>%1 is not imported: %2.</source>
        <translation>%1 没有导入：%2。</translation>
    </message>
    <message>
        <source>%1 is being imported…</source>
        <translation>正在导入 %1…</translation>
    </message>
    <message>
        <source>Ctrl+Return in Answers</source>
        <translation>“回答”中的 Ctrl+Return</translation>
    </message>
    <message>
        <source>send the prompt</source>
        <translation>发送提示</translation>
    </message>
    <message>
        <source>%1: given to %2.</source>
        <translation>%1：已交给 %2。</translation>
    </message>
    <message>
        <source>%1 goes on, on %2.</source>
        <translation>%1 在 %2 上继续。</translation>
    </message>
    <message>
        <source>%1 is started on %2.</source>
        <translation>%1 已在 %2 上启动。</translation>
    </message>
    <message>
        <source>Queue of %1…</source>
        <translation>%1 的队列…</translation>
    </message>
    <message>
        <source>Try to reach it again</source>
        <translation>再次尝试连接</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>%1 is not run again: no name like it is free on %2.</source>
        <translation>%1 未重新运行：%2 上没有类似的可用名称。</translation>
    </message>
    <message>
        <source>%1 — Bandscope</source>
        <translation>%1 — Bandscope</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PageHeader</name>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>reading…</source>
        <translation>读取中…</translation>
    </message>
    <message>
        <source>Pair</source>
        <translation>成对</translation>
    </message>
    <message>
        <source>Show the run of the same spec without or with reward calibration beside it</source>
        <translation>并排显示同一配置下无或有奖励校准的另一个运行</translation>
    </message>
    <message>
        <source>Go on with %1</source>
        <translation>继续 %1</translation>
    </message>
    <message>
        <source>Pause %1</source>
        <translation>暂停 %1</translation>
    </message>
    <message>
        <source>Stop %1 with a checkpoint</source>
        <translation>停止 %1 并写入检查点</translation>
    </message>
    <message>
        <source>Write a checkpoint of %1 now</source>
        <translation>立即为 %1 写入检查点</translation>
    </message>
    <message>
        <source>RC</source>
        <translation>RC</translation>
    </message>
    <message>
        <source>Switch reward calibration of %1 on or off</source>
        <translation>开启或关闭 %1 的奖励校准</translation>
    </message>
    <message>
        <source>Steer…</source>
        <translation>调控…</translation>
    </message>
    <message>
        <source>Learning rate and momentum of %1</source>
        <translation>%1 的学习率与动量</translation>
    </message>
    <message>
        <source>%1 pauses after this step</source>
        <translation>%1 将在这一步之后暂停</translation>
    </message>
    <message>
        <source>%1 stops after this step</source>
        <translation>%1 将在这一步之后停止</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Go on with %1 from its last checkpoint</source>
        <translation>从最后一个检查点继续 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n more in the queue</source>
        <translation>
            <numerusform>另有 %n 个在队列中</numerusform>
        </translation>
    </message>
    <message>
        <source>The buttons beside it act on %1</source>
        <translation>旁边的按钮作用于 %1</translation>
    </message>
    <message>
        <source>w/o RC, which is on now</source>
        <translation>无 RC，现已开启</translation>
    </message>
    <message>
        <source>w/ RC, which is off now</source>
        <translation>有 RC，现已关闭</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairExample</name>
    <message>
        <source>scored spans are marked once the model is chosen</source>
        <translation>选定模型后标出计分片段</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens, not scored</source>
        <translation>
            <numerusform>%n 个词元，不计分</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tokens, scored</source>
        <translation>
            <numerusform>%n 个词元，计分</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cut off</source>
        <translation>
            <numerusform>截去 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>被拒</translation>
    </message>
    <message>
        <source>Previous pair</source>
        <translation>上一样本对</translation>
    </message>
    <message>
        <source>Next pair</source>
        <translation>下一样本对</translation>
    </message>
    <message>
        <source>Example pair</source>
        <translation>样本对示例</translation>
    </message>
    <message>
        <source>Line %1 of the data</source>
        <translation>数据第 %1 行</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairFilterBar</name>
    <message>
        <source>Band: all</source>
        <translation>解耦带：全部</translation>
    </message>
    <message>
        <source>in the band</source>
        <translation>带内</translation>
    </message>
    <message>
        <source>out of the band</source>
        <translation>带外</translation>
    </message>
    <message>
        <source>%1: in the band</source>
        <translation>%1：带内</translation>
    </message>
    <message>
        <source>%1: out of the band</source>
        <translation>%1：带外</translation>
    </message>
    <message>
        <source>Text, or #line</source>
        <translation>文本，或 #行号</translation>
    </message>
    <message>
        <source>Search pairs</source>
        <translation>查找样本对</translation>
    </message>
    <message>
        <source>Text in the prompt or a response, whatever the case; #12 or #10-20 are lines of the data file. Esc clears.</source>
        <translation>提示或回复中的文本，不分大小写；#12 或 #10-20 为数据文件的行。Esc 清除。</translation>
    </message>
    <message>
        <source>Pathway: all</source>
        <translation>路径：全部</translation>
    </message>
    <message>
        <source>%1: all</source>
        <translation>%1：全部</translation>
    </message>
    <message>
        <source>Pathway of the shown pairs</source>
        <translation>所显示样本对的路径</translation>
    </message>
    <message>
        <source>Pathway of the shown pairs in %1</source>
        <translation>所显示样本对在 %1 中的路径</translation>
    </message>
    <message>
        <source>Place of the shown pairs&apos; log r in the band of their step</source>
        <translation>所显示样本对的 log r 相对所在步解耦带的位置</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Save or copy the rows that are shown, in their order</source>
        <translation>按所显示的顺序保存或复制显示的行</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>保存为 CSV…</translation>
    </message>
    <message>
        <source>Save as CSV with texts…</source>
        <translation>连同文本保存为 CSV…</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>复制为表格</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairModel</name>
    <message>
        <source>Optimizer step that trained on the pair</source>
        <translation>训练该样本对的优化步</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Line of the data file, from 1</source>
        <translation>数据文件中的行号，从 1 起</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Chosen: change from the reference, nats</source>
        <translation>被选回复：相对参考的变化，奈特</translation>
    </message>
    <message>
        <source>z_w − ref</source>
        <translation>z_w − 参考</translation>
    </message>
    <message>
        <source>Rejected: change from the reference, nats</source>
        <translation>被拒回复：相对参考的变化，奈特</translation>
    </message>
    <message>
        <source>z_l − ref</source>
        <translation>z_l − 参考</translation>
    </message>
    <message>
        <source>Pathway of the change from the reference</source>
        <translation>相对参考的变化所走的路径</translation>
    </message>
    <message>
        <source>Pathway</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Tokens of the chosen response</source>
        <translation>被选回复的词元数</translation>
    </message>
    <message>
        <source>Tokens of the rejected response</source>
        <translation>被拒回复的词元数</translation>
    </message>
    <message>
        <source>The data have no usable pair at this line.</source>
        <translation>数据的这一行没有可用的样本对。</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>解耦带</translation>
    </message>
    <message>
        <source>Where the prompt and the chosen response begin, from the run&apos;s data; sorted by line</source>
        <translation>提示与被选回复的开头，取自该运行的数据；按行号排序</translation>
    </message>
    <message>
        <source>Applied ratio of the pair&apos;s incentives: log d_w − log d_l + 2 log α of its step</source>
        <translation>该样本对实际施加的激励之比：log d_w − log d_l + 2 log α（所在步的 α）</translation>
    </message>
    <message>
        <source>Whether the pair&apos;s log r is in the disentanglement band of its step</source>
        <translation>该样本对的 log r 是否在所在步的解耦带内</translation>
    </message>
    <message>
        <source>in</source>
        <translation>带内</translation>
    </message>
    <message>
        <source>below</source>
        <translation>低于带</translation>
    </message>
    <message>
        <source>above</source>
        <translation>高于带</translation>
    </message>
    <message>
        <source>%1: %3 minus %2</source>
        <translation>%1：%3 减 %2</translation>
    </message>
    <message>
        <source>%1, of %2</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairScatter</name>
    <message>
        <source>Pairs by their changes</source>
        <translation>按变化显示的样本对</translation>
    </message>
    <message>
        <source>%1 both rise, %2 both fall, %3 disentangled</source>
        <translation>同升 %1，同降 %2，解耦 %3</translation>
    </message>
    <message>
        <source>Step %1, line %2: Δz_w %3, Δz_l %4, %5</source>
        <translation>第 %1 步，第 %2 行：Δz_w %3，Δz_l %4，%5</translation>
    </message>
    <message>
        <source>Δz_l — rejected, against the reference (nats)</source>
        <translation>Δz_l — 被拒，相对参考（奈特）</translation>
    </message>
    <message>
        <source>Δz_w — chosen, against the reference (nats)</source>
        <translation>Δz_w — 被选，相对参考（奈特）</translation>
    </message>
    <message>
        <source>No pairs for this step.</source>
        <translation>这一步没有样本对。</translation>
    </message>
    <message>
        <source>No pair matches the filter.</source>
        <translation>没有样本对符合筛选条件。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairTextView</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Text of the pair</source>
        <translation>样本对的文本</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Choose a pair in the table or in the scatter to read it here, token by token.</source>
        <translation>在表格或散点图中选择一个样本对，即可在此逐词元阅读。</translation>
    </message>
    <message>
        <source>The run has no checkpoint to take its weights from: it writes one at its end, and when it is asked to.</source>
        <translation>该运行没有可取权重的检查点：检查点在结束时或应要求写入。</translation>
    </message>
    <message>
        <source>The tokens cannot be computed: %1.</source>
        <translation>无法计算各词元：%1。</translation>
    </message>
    <message>
        <source>Computing the log-probabilities of line %1 before and after training…</source>
        <translation>正在计算第 %1 行训练前后的对数概率…</translation>
    </message>
    <message>
        <source>the engine ended without a word</source>
        <translation>引擎已结束，没有留下消息</translation>
    </message>
    <message>
        <source>The tokens cannot be computed: %1</source>
        <translation>无法计算各词元：%1</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation>被选</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>被拒</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens, mean %1 → %2 (%3)</source>
        <translation>
            <numerusform>%n 个词元，均值 %1 → %2（%3）</numerusform>
        </translation>
    </message>
    <message>
        <source>%1
log-probability %2 → %3
change %4 nats</source>
        <translation>%1
对数概率 %2 → %3
变化 %4 奈特</translation>
    </message>
    <message>
        <source>Text of the pair, %1</source>
        <translation>样本对的文本，%1</translation>
    </message>
    <message>
        <source>beyond the colours&apos; scale</source>
        <translation>超出颜色标度</translation>
    </message>
    <message>
        <source>Computing the log-probabilities of lines %1 and %2 before and after training…</source>
        <translation>正在计算第 %1 与 %2 行在训练前后的对数概率…</translation>
    </message>
    <message>
        <source>Lines %1 and %2</source>
        <translation>第 %1 与 %2 行</translation>
    </message>
    <message>
        <source>Line %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>%1: change of each token&apos;s log-probability from %2 to %3.</source>
        <translation>%1：各词元对数概率从 %2 到 %3 的变化。</translation>
    </message>
    <message>
        <source>%1: change of each token&apos;s log-probability, %2.</source>
        <translation>%1：各词元对数概率的变化，%2。</translation>
    </message>
    <message>
        <source>Prompt of the rejected response</source>
        <translation>被拒回复的提示</translation>
    </message>
    <message>
        <source>Tokens are coloured on the machine of the weights only; here is the text.</source>
        <translation>只能在权重所在的机器上为词元着色；这里显示文本。</translation>
    </message>
    <message>
        <source>Tokens are coloured on the machine of the weights only; the text is on its way.</source>
        <translation>只能在权重所在的机器上为词元着色；文本正在取来。</translation>
    </message>
    <message>
        <source>Tokens are coloured on the machine of the weights only.</source>
        <translation>只能在权重所在的机器上为词元着色。</translation>
    </message>
    <message>
        <source>No text: %1</source>
        <translation>没有文本：%1</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairTexts</name>
    <message>
        <source>The texts of the shown pairs are larger than %1 MiB: show fewer of them, or save them without texts.</source>
        <translation>所显示样本对的文本超过 %1 MiB：请减少显示的样本对，或不带文本保存。</translation>
    </message>
    <message>
        <source>The data are on a server.</source>
        <translation>数据在服务器上。</translation>
    </message>
    <message>
        <source>Line %1 of the data is not there, is no pair, or is too long to be sent.</source>
        <translation>数据的第 %1 行不存在、不是样本对，或过长而无法传送。</translation>
    </message>
    <message>
        <source>Line %1 of the data is not there, or is no pair.</source>
        <translation>数据的第 %1 行不存在，或不是样本对。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PairsTab</name>
    <message>
        <source>this step</source>
        <translation>这一步</translation>
    </message>
    <message>
        <source>last %1 steps</source>
        <translation>最近 %1 步</translation>
    </message>
    <message>
        <source>Steps whose pairs are shown</source>
        <translation>显示哪些步的样本对</translation>
    </message>
    <message>
        <source>The record has no pairs for this step: it was imported, or nothing was trained yet.</source>
        <translation>记录中没有该步的样本对：记录是导入的，或尚未训练。</translation>
    </message>
    <message>
        <source>Pairs of the step</source>
        <translation>该步的样本对</translation>
    </message>
    <message>
        <source>Run whose pairs are shown</source>
        <translation>显示其样本对的运行</translation>
    </message>
    <message>
        <source>Read the chosen pair with its tokens coloured by the change of their log-probability; the engine computes it from the run&apos;s data and newest checkpoint</source>
        <translation>阅读所选样本对，各词元按其对数概率的变化着色；由引擎依据该运行的数据与最新检查点计算</translation>
    </message>
    <message>
        <source>The two runs have no pair in common at these steps: choose more steps.</source>
        <translation>两个运行在这些步没有共同的样本对：请选择更多步。</translation>
    </message>
    <message numerus="yes">
        <source>Steps %1 to %2: %n pairs.</source>
        <translation>
            <numerusform>第 %1 至 %2 步：%n 个样本对。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Step %1: %n pairs.</source>
        <translation>
            <numerusform>第 %1 步：%n 个样本对。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more are in one of the runs only.</source>
        <translation>
            <numerusform>另有 %n 个只在其中一个运行中。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 shown.</source>
        <translation>显示 %1 个。</translation>
    </message>
    <message>
        <source>The scatter has %1 of them.</source>
        <translation>散点图显示其中 %1 个。</translation>
    </message>
    <message>
        <source>Searching the texts…</source>
        <translation>正在查找文本…</translation>
    </message>
    <message>
        <source>The texts cannot be searched: %1</source>
        <translation>无法查找文本：%1</translation>
    </message>
    <message>
        <source>No texts: %1</source>
        <translation>没有文本：%1</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并列</translation>
    </message>
    <message>
        <source>Both runs of the page in one table: the same pairs with their values in each and the difference</source>
        <translation>页面上的两个运行合为一表：相同的样本对，各自的值与差</translation>
    </message>
    <message>
        <source>Run whose pairs the scatter shows</source>
        <translation>散点图显示其样本对的运行</translation>
    </message>
    <message>
        <source>Save pairs</source>
        <translation>保存样本对</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message numerus="yes">
        <source>%n pairs saved to %1</source>
        <translation>
            <numerusform>%n 个样本对已保存到 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>The pairs were not saved: %1</source>
        <translation>样本对未能保存：%1</translation>
    </message>
    <message>
        <source>More than %1 pairs are too many for the clipboard: save them as CSV.</source>
        <translation>超过 %1 个样本对，剪贴板容纳不下：请保存为 CSV。</translation>
    </message>
    <message numerus="yes">
        <source>%n pairs copied</source>
        <translation>
            <numerusform>已复制 %n 个样本对</numerusform>
        </translation>
    </message>
    <message>
        <source>Pair text</source>
        <translation>样本对全文</translation>
    </message>
</context>
<context>
    <name>bandscope::app::PathField</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ProblemBar</name>
    <message numerus="yes">
        <source>%1 (%n more)</source>
        <translation>
            <numerusform>%1（另有 %n 条）</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>隐藏此消息</translation>
    </message>
</context>
<context>
    <name>bandscope::app::QueueModel</name>
    <message>
        <source>%1 for %2</source>
        <comment>place in the queue, device</comment>
        <translation>%2 的第 %1 位</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>runs on %1</source>
        <translation>在 %1 上运行</translation>
    </message>
    <message>
        <source>did not start: %1</source>
        <translation>未能启动：%1</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>next on %1</source>
        <translation>%1 的下一个</translation>
    </message>
    <message>
        <source>%1
%2
runs on %3</source>
        <translation>%1
%2
在 %3 上运行</translation>
    </message>
</context>
<context>
    <name>bandscope::app::QueuePanel</name>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 个失败</numerusform>
        </translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Let waiting runs start</source>
        <translation>让等待的运行启动</translation>
    </message>
    <message>
        <source>Pause: no waiting run starts, running ones go on</source>
        <translation>暂停：不再启动等待的运行，运行中的继续</translation>
    </message>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>同时 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>How many runs go at once on each device</source>
        <translation>每个设备同时进行的运行数</translation>
    </message>
    <message>
        <source>&amp;Start now</source>
        <translation>立即启动(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>重试(&amp;T)</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>下移(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Remove from queue</source>
        <translation>从队列移除(&amp;R)</translation>
    </message>
    <message>
        <source>order of the queue</source>
        <translation>队列的顺序</translation>
    </message>
    <message numerus="yes">
        <source>remove %n runs from the queue</source>
        <translation>
            <numerusform>从队列移除 %n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>Start</source>
        <comment>the queue</comment>
        <translation>启动</translation>
    </message>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n 个暂停</numerusform>
        </translation>
    </message>
    <message>
        <source>Runs start and go on when no window is open, too.</source>
        <translation>没有窗口打开时，运行也会启动并继续。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RemoteFolderDialog</name>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>One folder up</source>
        <translation>上一级文件夹</translation>
    </message>
    <message>
        <source>What lies in the folder</source>
        <translation>文件夹中的内容</translation>
    </message>
    <message>
        <source>Folders that the server serves</source>
        <translation>服务器开放的文件夹</translation>
    </message>
    <message>
        <source>folder of runs</source>
        <translation>运行文件夹</translation>
    </message>
    <message>
        <source>Choose a folder on %1</source>
        <translation>在 %1 上选择文件夹</translation>
    </message>
    <message>
        <source>Choose a file or folder on %1</source>
        <translation>在 %1 上选择文件或文件夹</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>正在询问 %1…</translation>
    </message>
    <message>
        <source>%1 does not list this folder: %2</source>
        <translation>%1 未列出此文件夹：%2</translation>
    </message>
    <message>
        <source>Nothing lies here.</source>
        <translation>这里没有内容。</translation>
    </message>
    <message>
        <source>%1 does not say where this folder lies; its engine is too old.</source>
        <translation>%1 未说明此文件夹的位置；其引擎版本过旧。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RemoteFolderModel</name>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RemotePage</name>
    <message>
        <source>Its server is not among those of the settings any more.</source>
        <translation>其服务器已不在设置中。</translation>
    </message>
    <message>
        <source>%1 is being connected to…</source>
        <translation>正在连接 %1…</translation>
    </message>
    <message>
        <source>%1. There is no copy of this run here yet; it is fetched when the server is reached. %2</source>
        <translation>%1。本机还没有此运行的副本；连接到服务器后会取回。%2</translation>
    </message>
    <message>
        <source>It did not start: %1</source>
        <translation>未能启动：%1</translation>
    </message>
    <message>
        <source>It waits in the queue of %1.</source>
        <translation>正在 %1 的队列中等待。</translation>
    </message>
    <message>
        <source>It waits on %1: %2</source>
        <translation>正在 %1 上等待：%2</translation>
    </message>
    <message>
        <source>Starting on %1: the engine reads model and data; its record appears then.</source>
        <translation>正在 %1 上启动：引擎读取模型和数据，随后出现记录。</translation>
    </message>
    <message>
        <source>Its record is being fetched from %1…</source>
        <translation>正在从 %1 取回其记录…</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>It waits in the queue of %1, which is paused.</source>
        <translation>正在 %1 的队列中等待，队列已暂停。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunChips</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>另有 %n 个</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunColumns</name>
    <message>
        <source>Move %1 left</source>
        <translation>左移“%1”</translation>
    </message>
    <message>
        <source>Move %1 right</source>
        <translation>右移“%1”</translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation>隐藏“%1”</translation>
    </message>
    <message>
        <source>Usual columns</source>
        <translation>恢复默认列</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunControls</name>
    <message>
        <source>%1 pauses after this step.</source>
        <translation>%1 将在本步之后暂停。</translation>
    </message>
    <message>
        <source>%1 goes on.</source>
        <translation>%1 继续运行。</translation>
    </message>
    <message>
        <source>%1 writes a checkpoint after this step.</source>
        <translation>%1 将在本步之后写入检查点。</translation>
    </message>
    <message>
        <source>Reward calibration of %1 is switched at the next step.</source>
        <translation>%1 的奖励校准将在下一步切换。</translation>
    </message>
    <message>
        <source>%1: no “%2”: %3.</source>
        <translation>%1：未能执行“%2”：%3。</translation>
    </message>
    <message>
        <source>Stop run</source>
        <translation>停止运行</translation>
    </message>
    <message>
        <source>Stop %1?</source>
        <translation>停止 %1？</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>%1 stops after this step.</source>
        <translation>%1 将在本步之后停止。</translation>
    </message>
    <message>
        <source>%1 was not stopped: %2.</source>
        <translation>未能停止 %1：%2。</translation>
    </message>
    <message>
        <source>%1 takes the new learning rate at its next step.</source>
        <translation>%1 将在下一步采用新的学习率。</translation>
    </message>
    <message>
        <source>%1 takes the new momentum at its next step.</source>
        <translation>%1 将在下一步采用新的动量。</translation>
    </message>
    <message>
        <source>Reward calibration</source>
        <translation>奖励校准</translation>
    </message>
    <message>
        <source>Switch reward calibration of %1 on?</source>
        <translation>开启 %1 的奖励校准？</translation>
    </message>
    <message>
        <source>Switch reward calibration of %1 off?</source>
        <translation>关闭 %1 的奖励校准？</translation>
    </message>
    <message>
        <source>From the next step on the run is no longer what its spec says; the record marks where. Steps that are taken cannot be taken back.</source>
        <translation>从下一步起，该运行不再与其配置一致；记录会标出何处。已走的步无法撤回。</translation>
    </message>
    <message>
        <source>Switch</source>
        <translation>切换</translation>
    </message>
    <message>
        <source>%1 takes the new value of “%2” at its next step.</source>
        <translation>%1 将在下一步采用“%2”的新值。</translation>
    </message>
    <message>
        <source>It has taken no step yet. It can go on later with Resume.</source>
        <translation>它还没有进行任何一步。以后可用“恢复”继续。</translation>
    </message>
    <message>
        <source>It ends after this step with a checkpoint, from which it can go on later with Resume.</source>
        <translation>它在这一步之后写入检查点并结束，以后可用“恢复”由此继续。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunEdits</name>
    <message numerus="yes">
        <source>%n runs</source>
        <translation>
            <numerusform>%n 个运行</numerusform>
        </translation>
    </message>
    <message>
        <source>star %1</source>
        <translation>为 %1 加星标</translation>
    </message>
    <message>
        <source>take the star from %1</source>
        <translation>去除 %1 的星标</translation>
    </message>
    <message>
        <source>tag %1 %2</source>
        <translation>为 %1 加标签 %2</translation>
    </message>
    <message>
        <source>tags of %1</source>
        <translation>%1 的标签</translation>
    </message>
    <message>
        <source>note of %1</source>
        <translation>%1 的备注</translation>
    </message>
    <message>
        <source>rename %1</source>
        <translation>重命名 %1</translation>
    </message>
    <message>
        <source>%1 is not in the list any more</source>
        <translation>%1 已不在列表中</translation>
    </message>
    <message>
        <source>Not renamed: %1.</source>
        <translation>未重命名：%1。</translation>
    </message>
    <message>
        <source>Not deleted: %1.</source>
        <translation>未删除：%1。</translation>
    </message>
    <message>
        <source>Not put back: %1.</source>
        <translation>未放回：%1。</translation>
    </message>
    <message>
        <source>delete %1</source>
        <translation>删除 %1</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note on %1</source>
        <translation>%1 的备注</translation>
    </message>
    <message numerus="yes">
        <source>One note on %n runs</source>
        <translation>
            <numerusform>%n 个运行共用的备注</numerusform>
        </translation>
    </message>
    <message>
        <source>The runs have different notes; what is written here takes their place.</source>
        <translation>这些运行的备注各不相同；此处所写将取而代之。</translation>
    </message>
    <message>
        <source>Rename run</source>
        <translation>重命名运行</translation>
    </message>
    <message>
        <source>New name of %1; its folder gets it too</source>
        <translation>%1 的新名称；其文件夹一并改名</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>删除运行</translation>
    </message>
    <message>
        <source>Move %1 to the trash?</source>
        <translation>将 %1 移到回收站？</translation>
    </message>
    <message numerus="yes">
        <source>Move %n runs to the trash?</source>
        <translation>
            <numerusform>将 %n 个运行移到回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Record, log, checkpoints and trained weights go with it. Undo puts them back while they are in the trash.</source>
        <translation>记录、日志、检查点与训练所得权重一并移去。只要还在回收站中，撤销即可放回。</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>%1 waits in the queue; it can be labelled when it has started.</source>
        <translation>%1 在队列中等待；启动后才能标注。</translation>
    </message>
    <message>
        <source>Remove %1 from the queue?</source>
        <translation>将 %1 从队列移除？</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n runs from the queue?</source>
        <translation>
            <numerusform>将 %n 个运行从队列移除？</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of it has been trained yet. Undo puts it back in its place.</source>
        <translation>它尚未开始训练。撤销即可放回原位。</translation>
    </message>
    <message>
        <source>Nothing of them has been trained yet. Undo puts them back in their places.</source>
        <translation>它们尚未开始训练。撤销即可放回原位。</translation>
    </message>
    <message numerus="yes">
        <source>%n of them wait and are removed from the queue.</source>
        <translation>
            <numerusform>其中 %n 个在等待，将从队列移除。</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove from queue</source>
        <translation>从队列移除</translation>
    </message>
    <message numerus="yes">
        <source>%n other runs in its folder stay where they are: %1</source>
        <translation>
            <numerusform>其文件夹里的其他 %n 个运行留在原处：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 stays as it is: %2.</source>
        <translation>%1 保持原样：%2。</translation>
    </message>
    <message>
        <source>runs on servers cannot be changed from here</source>
        <translation>无法从这里更改服务器上的运行</translation>
    </message>
    <message>
        <source>%1 is in the trash of %2, but not deleted for good: %3.</source>
        <translation>%1 在 %2 的回收站中，但未被永久删除：%3。</translation>
    </message>
    <message>
        <source>Move %1 on %2 to the trash there?</source>
        <translation>将 %2 上的 %1 移到那里的回收站？</translation>
    </message>
    <message numerus="yes">
        <source>Move %n runs on %1 to the trash there?</source>
        <translation>
            <numerusform>将 %1 上的 %n 个运行移到那里的回收站？</numerusform>
        </translation>
    </message>
    <message>
        <source>Record, log, checkpoints and trained weights go with it into the folder .trash below the server&apos;s folder of runs. Undo puts them back.</source>
        <translation>记录、日志、检查点和训练后的权重将一并移到服务器运行文件夹下的 .trash 文件夹。撤销可将其放回。</translation>
    </message>
    <message numerus="yes">
        <source>%n of them are on %1 and go into the trash there.</source>
        <translation>
            <numerusform>其中 %n 个在 %1 上，将移到那里的回收站。</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete for good: this cannot be undone</source>
        <translation>永久删除：无法撤销</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>永久删除</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunFilterModel</name>
    <message>
        <source>%1 (%2 of %3)</source>
        <comment>group, its runs that match, all</comment>
        <translation>%1（%2 / %3）</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunModel</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunPage</name>
    <message>
        <source>Reading the record…</source>
        <translation>正在读取记录…</translation>
    </message>
    <message>
        <source>No step has been recorded yet. The first appears here when the model is loaded and the reference is computed.</source>
        <translation>尚未记录任何步。模型载入、参考计算完成后，第一步会显示在这里。</translation>
    </message>
    <message>
        <source>step %1: %2</source>
        <translation>第 %1 步：%2</translation>
    </message>
    <message>
        <source>Dynamics</source>
        <translation>动力学</translation>
    </message>
    <message>
        <source>Pathways</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>样本对</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>各层</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Views of the run</source>
        <translation>运行的各视图</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunQueue</name>
    <message>
        <source>%1 did not start: %2</source>
        <translation>%1 未能启动：%2</translation>
    </message>
    <message>
        <source>The queue could not be read (%1); it was put aside as %2.</source>
        <translation>队列无法读取（%1）；已另存为 %2。</translation>
    </message>
    <message>
        <source>%1 is not in the queue any more</source>
        <translation>%1 已不在队列中</translation>
    </message>
    <message>
        <source>%1 is being started</source>
        <translation>%1 正在启动</translation>
    </message>
    <message>
        <source>there is a run %1 in %2 already</source>
        <translation>%2 中已有运行 %1</translation>
    </message>
    <message>
        <source>another run %1 is in the queue now</source>
        <translation>队列中现有另一个运行 %1</translation>
    </message>
    <message>
        <source>%1 holds other runs (%2); choose another name than %3, for instance %4</source>
        <translation>%1 里还有其他运行（%2）；请不要用名称 %3，可改用例如 %4</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunsDock</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Filter: words, objective=dpo</source>
        <translation>筛选：词语，objective=dpo</translation>
    </message>
    <message>
        <source>Filter runs</source>
        <translation>筛选运行</translation>
    </message>
    <message>
        <source>No folder of runs is chosen. &lt;a href=&quot;add&quot;&gt;Choose a folder…&lt;/a&gt;</source>
        <translation>尚未选择运行文件夹。&lt;a href=&quot;add&quot;&gt;选择文件夹…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>No run records below %1. Start one with New experiment, or &lt;a href=&quot;add&quot;&gt;choose another folder…&lt;/a&gt;</source>
        <translation>%1 下没有运行记录。用“新建实验”启动一个，或&lt;a href=&quot;add&quot;&gt;选择其他文件夹…&lt;/a&gt;</translation>
    </message>
    <message>
        <source>No run matches the filter.</source>
        <translation>没有符合筛选条件的运行。</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Stop listing %1</source>
        <translation>不再列出 %1</translation>
    </message>
    <message>
        <source>Add folder of runs…</source>
        <translation>添加运行文件夹…</translation>
    </message>
    <message>
        <source>Words are looked for in name, objective, model, data, state, tags and note.
key=value looks into the run&apos;s spec, e.g. objective=dpo calibration.enabled=true seed=42;
tag=baseline and starred=true into what you noted.</source>
        <translation>词语在名称、目标函数、模型、数据、状态、标签和备注中查找。
key=value 在运行配置中查找，如 objective=dpo calibration.enabled=true seed=42；
tag=baseline 与 starred=true 在您的标注中查找。</translation>
    </message>
    <message>
        <source>By what the runs are put together</source>
        <translation>运行按什么归组</translation>
    </message>
    <message>
        <source>Group runs by</source>
        <translation>运行分组依据</translation>
    </message>
    <message>
        <source>Take the &amp;star away</source>
        <translation>去除星标(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Star</source>
        <translation>加星标(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>标签(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Note…</source>
        <translation>备注(&amp;N)…</translation>
    </message>
    <message>
        <source>Rena&amp;me…</source>
        <translation>重命名(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Delete…</source>
        <translation>删除(&amp;D)…</translation>
    </message>
    <message>
        <source>Copy paths</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>恢复(&amp;E)</translation>
    </message>
    <message>
        <source>Go on from the last checkpoint of a run that ended before its last step</source>
        <translation>从提前结束的运行的最后一个检查点继续</translation>
    </message>
    <message>
        <source>Run a&amp;gain</source>
        <translation>再次运行(&amp;G)</translation>
    </message>
    <message>
        <source>Train the same spec once more, under a name of its own</source>
        <translation>用另一个名称再训练一次同样的规格</translation>
    </message>
    <message>
        <source>Clo&amp;ne…</source>
        <translation>克隆(&amp;N)…</translation>
    </message>
    <message>
        <source>New experiment that begins with this run&apos;s spec</source>
        <translation>以此运行的规格开始新实验</translation>
    </message>
</context>
<context>
    <name>bandscope::app::RunsTable</name>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>w/</source>
        <translation>有</translation>
    </message>
    <message>
        <source>w/o</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SendBar</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Reading %1 before it is sent…</source>
        <translation>发送前正在读取 %1…</translation>
    </message>
    <message>
        <source>%1 is not reached; %2 goes on from %3 once it is</source>
        <translation>无法连接 %1；恢复连接后 %2 将从 %3 处继续</translation>
    </message>
    <message>
        <source>Sending %1 to %2: %3</source>
        <translation>正在把 %1 发送到 %2：%3</translation>
    </message>
    <message>
        <source>Stop sending</source>
        <translation>停止发送</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ServerLink</name>
    <message>
        <source>connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>not reached since %1</source>
        <translation>自 %1 起无法连接</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>server and its state</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ServerQueueView</name>
    <message>
        <source>The queue stays as it is: %1.</source>
        <translation>队列保持不变：%1。</translation>
    </message>
    <message numerus="yes">
        <source>%n at once</source>
        <translation>
            <numerusform>同时 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Queue of the server</source>
        <translation>服务器的队列</translation>
    </message>
    <message>
        <source>Queue of %1, paused</source>
        <translation>%1 的队列（已暂停）</translation>
    </message>
    <message>
        <source>Queue of %1</source>
        <translation>%1 的队列</translation>
    </message>
    <message>
        <source>Start</source>
        <comment>the queue</comment>
        <translation>开始</translation>
    </message>
    <message>
        <source>Pause</source>
        <comment>the queue</comment>
        <translation>暂停</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>同时</translation>
    </message>
    <message>
        <source>How many runs go at once on each device</source>
        <translation>每个设备上同时进行多少个运行</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>下移(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Take out</source>
        <translation>移出(&amp;T)</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take %1 out of the queue of %2?</source>
        <translation>将 %1 移出 %2 的队列？</translation>
    </message>
    <message>
        <source>The server keeps nothing of it: this cannot be undone.</source>
        <translation>服务器不会保留其任何内容：此操作无法撤销。</translation>
    </message>
    <message>
        <source>%1: the first %2 of %3 runs</source>
        <translation>%1：共 %3 个运行，显示前 %2 个</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ServersPage</name>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>Add a server</source>
        <translation>添加服务器</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>移除(&amp;M)</translation>
    </message>
    <message>
        <source>Its runs are no longer listed. They stay and go on there; copies of their records here go.</source>
        <translation>不再列出其运行。运行在那里保留并继续；本机的记录副本会删除。</translation>
    </message>
    <message>
        <source>One folder a line</source>
        <translation>每行一个文件夹</translation>
    </message>
    <message>
        <source>Machines with runs, reached through ssh with its own keys and settings. Runs there are listed, watched and started as those here.</source>
        <translation>存放运行的机器，通过 ssh 以其自身的密钥和设置连接。那里的运行像本机的一样列出、观察和启动。</translation>
    </message>
    <message>
        <source>A server needs bandscope-engine, and a login that ssh manages.</source>
        <translation>服务器上需要 bandscope-engine，以及 ssh 能完成的登录。</translation>
    </message>
    <message>
        <source>&amp;ssh destination</source>
        <translation>ssh 目标(&amp;S)</translation>
    </message>
    <message>
        <source>user@host, or a name of ~/.ssh/config</source>
        <translation>用户@主机，或 ~/.ssh/config 中的名称</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Engine&apos;s program</source>
        <translation>引擎程序(&amp;E)</translation>
    </message>
    <message>
        <source>A path there, or a name on the PATH of a login without a terminal</source>
        <translation>服务器上的路径，或无终端登录时 PATH 中的名称</translation>
    </message>
    <message>
        <source>R&amp;uns folder</source>
        <translation>运行文件夹(&amp;U)</translation>
    </message>
    <message>
        <source>runs, in the home folder there</source>
        <translation>那里主目录下的 runs</translation>
    </message>
    <message>
        <source>&amp;Data folders</source>
        <translation>数据文件夹(&amp;D)</translation>
    </message>
    <message>
        <source>M&amp;odel folders</source>
        <translation>模型文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Runs are &amp;jobs of Slurm</source>
        <translation>运行作为 Slurm 作业(&amp;J)</translation>
    </message>
    <message>
        <source>Com&amp;press what is sent (ssh -C)</source>
        <translation>压缩传输(ssh -C)(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Test connection…</source>
        <translation>测试连接(&amp;T)…</translation>
    </message>
    <message>
        <source>New server</source>
        <translation>新服务器</translation>
    </message>
    <message>
        <source>%1: its runs stay and go on there. Copies of their records here are deleted when Bandscope starts the next time.</source>
        <translation>%1：其运行在那里保留并继续。本机的记录副本在 Bandscope 下次启动时删除。</translation>
    </message>
    <message>
        <source>A server needs an ssh destination: user@host, or a name of ~/.ssh/config.</source>
        <translation>服务器需要 ssh 目标：用户@主机，或 ~/.ssh/config 中的名称。</translation>
    </message>
    <message>
        <source>%1 needs an ssh destination: user@host, or a name of ~/.ssh/config.</source>
        <translation>%1 需要 ssh 目标：用户@主机，或 ~/.ssh/config 中的名称。</translation>
    </message>
    <message>
        <source>“%1” is no ssh destination: it is user@host, or a name of ~/.ssh/config.</source>
        <translation>“%1”不是 ssh 目标：应为用户@主机，或 ~/.ssh/config 中的名称。</translation>
    </message>
    <message>
        <source>The server at %1 needs a name.</source>
        <translation>%1 处的服务器需要名称。</translation>
    </message>
    <message>
        <source>Two servers are called “%1”: each needs a name of its own.</source>
        <translation>有两台服务器名为“%1”：名称不能相同。</translation>
    </message>
    <message>
        <source>%1: a path there is too long.</source>
        <translation>%1：有路径过长。</translation>
    </message>
    <message>
        <source>%1 has more than %2 folders.</source>
        <translation>%1 的文件夹超过 %2 个。</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Pages of settings</source>
        <translation>设置分页</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>没有文件夹 %1。</translation>
    </message>
    <message>
        <source>%1 is a file; new runs need a folder.</source>
        <translation>%1 是文件；新运行需要文件夹。</translation>
    </message>
    <message>
        <source>Used: %1, for CPU and NVIDIA GPUs</source>
        <translation>所用：%1，支持 CPU 与 NVIDIA GPU</translation>
    </message>
    <message>
        <source>Used: %1, for the CPU</source>
        <translation>所用：%1，仅支持 CPU</translation>
    </message>
    <message>
        <source>Add folder of runs</source>
        <translation>添加运行文件夹</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>界面</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Look</source>
        <translation>外观(&amp;L)</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>语言(&amp;G)</translation>
    </message>
    <message>
        <source>Okabe–Ito</source>
        <translation>Okabe–Ito</translation>
    </message>
    <message>
        <source>Greys</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>&amp;Colours of charts</source>
        <translation>图表配色(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Text in charts</source>
        <translation>图表文字(&amp;T)</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>&amp;Smoothing</source>
        <translation>平滑(&amp;S)</translation>
    </message>
    <message>
        <source>In all charts for which no other smoothing was chosen.</source>
        <translation>用于所有未另选平滑方式的图表。</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>&amp;Read live runs every</source>
        <translation>读取进行中运行的间隔(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Follow a live run when it is opened</source>
        <translation>打开进行中的运行时跟随其最新一步(&amp;F)</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>运行库</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>添加(&amp;A)…</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>移除(&amp;M)</translation>
    </message>
    <message>
        <source>The runs are no longer listed; their files stay.</source>
        <translation>这些运行不再列出；文件保留。</translation>
    </message>
    <message>
        <source>Folders of r&amp;uns</source>
        <translation>运行文件夹(&amp;U)</translation>
    </message>
    <message>
        <source>As&amp;k before runs are deleted</source>
        <translation>删除运行前询问(&amp;K)</translation>
    </message>
    <message>
        <source>They go to the trash or out of the queue; Undo puts them back.</source>
        <translation>运行会移到回收站或移出队列；撤销即可放回。</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>&amp;Engine</source>
        <translation>引擎(&amp;E)</translation>
    </message>
    <message>
        <source>found by itself</source>
        <translation>自动查找</translation>
    </message>
    <message>
        <source>The environment variable BANDSCOPE_ENGINE names it.</source>
        <translation>由环境变量 BANDSCOPE_ENGINE 指定。</translation>
    </message>
    <message>
        <source>Folder of new runs</source>
        <translation>新运行的文件夹</translation>
    </message>
    <message>
        <source>New runs &amp;in</source>
        <translation>新运行位置(&amp;I)</translation>
    </message>
    <message>
        <source>Runs at once on %1</source>
        <translation>%1 上同时进行的运行数</translation>
    </message>
    <message>
        <source>At once on %1</source>
        <translation>%1 上同时运行</translation>
    </message>
    <message>
        <source>Folder of models</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>&amp;Models in</source>
        <translation>模型位置(&amp;M)</translation>
    </message>
    <message>
        <source>Folder of data</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>&amp;Data in</source>
        <translation>数据位置(&amp;D)</translation>
    </message>
    <message>
        <source>where the last one was</source>
        <translation>上次所用的位置</translation>
    </message>
    <message>
        <source>Choosing a model or data starts there; its models are offered by themselves.</source>
        <translation>选择模型或数据时从这里开始；其中的模型会自动列出。</translation>
    </message>
    <message>
        <source>&amp;Restore defaults</source>
        <translation>恢复默认值(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Look for runs every</source>
        <translation>查找运行的间隔(&amp;L)</translation>
    </message>
    <message>
        <source>The usual values in all pages, taken with OK. The folders of runs and the servers stay.</source>
        <translation>所有分页恢复默认值，按“确定”后生效。运行文件夹和服务器保持不变。</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SpecField</name>
    <message>
        <source>Choose %1</source>
        <translation>选择%1</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>lists, separated by commas</source>
        <translation>多个列表，以逗号分隔</translation>
    </message>
    <message>
        <source>values, separated by commas</source>
        <translation>多个值，以逗号分隔</translation>
    </message>
    <message>
        <source>Values of %1</source>
        <translation>%1 的取值</translation>
    </message>
    <message>
        <source>Sweep %1</source>
        <translation>扫描%1</translation>
    </message>
    <message>
        <source>Sweep: a run for each value of a list</source>
        <translation>扫描：列表中每个值一个运行</translation>
    </message>
    <message>
        <source>Choose a folder, or one used before</source>
        <translation>选择文件夹，或用过的文件夹</translation>
    </message>
    <message>
        <source>Used before</source>
        <translation>用过的</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>本机上的</translation>
    </message>
    <message>
        <source>Choose a file, all files of a folder, or what was used before</source>
        <translation>选择一个文件、文件夹中的全部文件，或用过的</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Choose a folder of files…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Preference pairs (%1)</source>
        <translation>偏好样本对 (%1)</translation>
    </message>
    <message>
        <source>Add task files, all of a folder, or what was used before</source>
        <translation>添加任务文件、整个文件夹，或以前用过的</translation>
    </message>
    <message>
        <source>Task files (%1)</source>
        <translation>任务文件 (%1)</translation>
    </message>
    <message>
        <source>Examples of %1</source>
        <translation>%1的示例</translation>
    </message>
    <message>
        <source>Begin from the formula of a known objective</source>
        <translation>从已知目标函数的公式开始</translation>
    </message>
    <message>
        <source>Devices of the server</source>
        <translation>服务器的设备</translation>
    </message>
    <message>
        <source>the best there is</source>
        <translation>现有最好的设备</translation>
    </message>
    <message>
        <source>Choose on %1…</source>
        <translation>在 %1 上选择…</translation>
    </message>
    <message>
        <source>This machine&apos;s file…</source>
        <translation>本机的文件…</translation>
    </message>
    <message>
        <source>It is sent to %1 before the runs are started</source>
        <translation>在运行开始之前发送到 %1</translation>
    </message>
    <message>
        <source>Choose a file to send to %1</source>
        <translation>选择要发送到 %1 的文件</translation>
    </message>
    <message>
        <source>Folder of data that it goes to</source>
        <translation>存放它的数据文件夹</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SpecForm</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>both, as a pair</source>
        <translation>两者，成对</translation>
    </message>
    <message>
        <source>Runs without or with reward calibration</source>
        <translation>无或有奖励校准的运行</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SteerDialog</name>
    <message>
        <source>Steer %1</source>
        <translation>调控 %1</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>above 0, below 1,000</source>
        <translation>大于 0、小于 1,000</translation>
    </message>
    <message>
        <source>Momentum of calibration</source>
        <translation>校准的动量</translation>
    </message>
    <message>
        <source>0 or more, below 1</source>
        <translation>不小于 0、小于 1</translation>
    </message>
    <message>
        <source>A value holds from the next step on, and is marked on the charts and kept in the record.</source>
        <translation>新值从下一步起生效，并标在图上、写入记录。</translation>
    </message>
    <message>
        <source>The engine did not take it: %1.</source>
        <translation>引擎没有接受：%1。</translation>
    </message>
    <message>
        <source>Set…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Set %1</source>
        <translation>设置%1</translation>
    </message>
    <message>
        <source>asking the engine…</source>
        <translation>正在询问引擎…</translation>
    </message>
    <message>
        <source>It must be a number, %1.</source>
        <translation>须为数字，%1。</translation>
    </message>
    <message>
        <source>Set “%1” of %2 to %3?</source>
        <translation>将 %2 的“%1”设为 %3？</translation>
    </message>
    <message>
        <source>Steps that are taken with it cannot be taken back; another value changes the steps after it only.</source>
        <translation>以此值走过的步无法撤回；再改只影响其后的步。</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Sent…</source>
        <translation>已发送…</translation>
    </message>
    <message>
        <source>now %1, at step %2</source>
        <translation>当前 %1，第 %2 步</translation>
    </message>
    <message>
        <source>“%1” is %2 since step %3.</source>
        <translation>自第 %3 步起“%1”为 %2。</translation>
    </message>
    <message>
        <source>The engine has taken it; it holds when the step in work is done.</source>
        <translation>引擎已接受；当前步完成后生效。</translation>
    </message>
    <message>
        <source>%1 or more, below %2</source>
        <translation>不小于 %1，且小于 %2</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SweepModel</name>
    <message numerus="yes">
        <source>%n run(s): %1</source>
        <translation>
            <numerusform>%n 次运行：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>With minus without, of the runs of each pair</source>
        <translation>每对运行中有 RC 减无 RC</translation>
    </message>
    <message>
        <source>Pairs of runs that differ in the seed alone</source>
        <translation>仅种子不同的运行对</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标函数</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>w/o RC</source>
        <translation>无 RC</translation>
    </message>
    <message>
        <source>w/ RC</source>
        <translation>有 RC</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>种子</translation>
    </message>
</context>
<context>
    <name>bandscope::app::SweepView</name>
    <message>
        <source>“%1” is no figure of these runs; they have %2.</source>
        <translation>“%1”不是这些运行的数值；可用的有 %2。</translation>
    </message>
    <message>
        <source>No run has been read yet.</source>
        <translation>尚未读取任何运行。</translation>
    </message>
    <message>
        <source>No row matches the filter.</source>
        <translation>没有符合筛选条件的行。</translation>
    </message>
    <message>
        <source>Final figure to show</source>
        <translation>要显示的最终数值</translation>
    </message>
    <message>
        <source>The figure whose numbers the table has; all can be named in the filter</source>
        <translation>表中显示的数值；筛选条件中可使用任一数值</translation>
    </message>
    <message>
        <source>Filter, as in_band&lt;50 or dpo</source>
        <translation>筛选，如 in_band&lt;50 或 dpo</translation>
    </message>
    <message>
        <source>Filter of the sweep&apos;s table</source>
        <translation>扫描表的筛选</translation>
    </message>
    <message>
        <source>Words of an objective or model, and conditions as in_band&lt;50 or dz_w&gt;=0 on the mean without or with RC; of one of them as in_band.with&gt;90, in_band.without&lt;50, margin.difference&gt;0. All must hold.</source>
        <translation>目标或模型中的文字，以及条件，如 in_band&lt;50 或 dz_w&gt;=0（无 RC 或有 RC 的均值）；只针对其一则写 in_band.with&gt;90、in_band.without&lt;50、margin.difference&gt;0。须全部满足。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>All figures of the rows that are shown</source>
        <translation>所显示各行的全部数值</translation>
    </message>
    <message>
        <source>As CSV</source>
        <translation>复制为 CSV</translation>
    </message>
    <message>
        <source>As LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
    <message>
        <source>This figure as LaTeX</source>
        <translation>此数值复制为 LaTeX</translation>
    </message>
    <message>
        <source>Export as a figure…</source>
        <translation>导出为图…</translation>
    </message>
    <message>
        <source>Final figures of the sweep</source>
        <translation>扫描的最终数值</translation>
    </message>
</context>
<context>
    <name>bandscope::app::TagsDialog</name>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>No run has a tag yet.</source>
        <translation>还没有运行带有标签。</translation>
    </message>
    <message>
        <source>Ticked tags are given to the selected runs.</source>
        <translation>勾选的标签将加到所选运行上。</translation>
    </message>
    <message>
        <source>New tag; several with commas</source>
        <translation>新标签；多个以逗号分隔</translation>
    </message>
    <message>
        <source>New tag</source>
        <translation>新标签</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
</context>
<context>
    <name>bandscope::app::TokenLegend</name>
    <message>
        <source>≥ %1 nats</source>
        <translation>≥ %1 奈特</translation>
    </message>
    <message>
        <source>underlined: beyond, to %1</source>
        <translation>下划线：超出，至 %1</translation>
    </message>
    <message>
        <source>Colours from a fall of %1 nats or more, orange, to a rise of %1 nats or more, blue</source>
        <translation>颜色从下降 %1 奈特或更多（橙）到上升 %1 奈特或更多（蓝）</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens change more, by up to %1 nats: they are underlined. The scale is that of 95 % of the tokens without the last of each response.</source>
        <translation>
            <numerusform>%n 个词元变化更大，最多 %1 奈特，以下划线标出。标度取自除各回复末尾词元外 95 % 的词元。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bandscope::app::Transport</name>
    <message>
        <source>Pause the replay (Space)</source>
        <translation>暂停回放（空格）</translation>
    </message>
    <message>
        <source>Replay the run (Space)</source>
        <translation>回放运行（空格）</translation>
    </message>
    <message>
        <source>Pause the replay</source>
        <translation>暂停回放</translation>
    </message>
    <message>
        <source>Replay the run</source>
        <translation>回放运行</translation>
    </message>
    <message>
        <source>Previous event ([)</source>
        <translation>上一个事件（[）</translation>
    </message>
    <message>
        <source>Previous event</source>
        <translation>上一个事件</translation>
    </message>
    <message>
        <source>Next event (])</source>
        <translation>下一个事件（]）</translation>
    </message>
    <message>
        <source>Next event</source>
        <translation>下一个事件</translation>
    </message>
    <message>
        <source>Speed of the replay; at ×1 the whole run plays in a minute</source>
        <translation>回放速度；×1 时整个运行用一分钟播完</translation>
    </message>
    <message>
        <source>Speed of the replay</source>
        <translation>回放速度</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Keep the last step in view while the run goes on</source>
        <translation>运行继续时保持最后一步可见</translation>
    </message>
    <message>
        <source>One step back (Shift + left)</source>
        <translation>后退一步（Shift + 左）</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>One step on (Shift + right)</source>
        <translation>前进一步（Shift + 右）</translation>
    </message>
    <message>
        <source>One step on</source>
        <translation>前进一步</translation>
    </message>
</context>
<context>
    <name>bandscope::app::ViewUndo</name>
    <message>
        <source>zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>figure</source>
        <translation>图</translation>
    </message>
    <message>
        <source>smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>axes</source>
        <translation>坐标轴</translation>
    </message>
    <message>
        <source>panels</source>
        <translation>面板</translation>
    </message>
</context>
<context>
    <name>bandscope::app::WaitingPage</name>
    <message>
        <source>The run is not in the queue any more.</source>
        <translation>该运行已不在队列中。</translation>
    </message>
    <message>
        <source>The queue is paused. The run is number %1 for %2.</source>
        <translation>队列已暂停。该运行在 %2 的等待中排第 %1。</translation>
    </message>
    <message>
        <source>It waits for %2: number %1 in the queue.</source>
        <translation>正在等待 %2：在队列中排第 %1。</translation>
    </message>
    <message>
        <source>It did not start: %1</source>
        <translation>未能启动：%1</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>立即启动</translation>
    </message>
    <message>
        <source>Spec as TOML</source>
        <translation>TOML 形式的配置</translation>
    </message>
    <message>
        <source>It is stopping.</source>
        <translation>正在停止。</translation>
    </message>
    <message>
        <source>Starting on %1: the engine reads model and data; its record appears then.</source>
        <translation>正在 %1 上启动：引擎读入模型和数据，随后出现记录。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Nothing of it has been trained yet</source>
        <translation>还没有训练任何内容</translation>
    </message>
</context>
<context>
    <name>bandscope::app::WhatIfChart</name>
    <message>
        <source>log α²r — applied log incentive ratio</source>
        <translation>log α²r — 施加的对数激励比</translation>
    </message>
</context>
<context>
    <name>bandscope::app::WhatIfPanel</name>
    <message>
        <source>No step is recorded yet.</source>
        <translation>尚未记录任何步。</translation>
    </message>
    <message>
        <source>The ratio or the scores are undefined at this step; move the cursor to another.</source>
        <translation>这一步的比值或得分无定义；请将光标移到其他步。</translation>
    </message>
    <message>
        <source>Step %1. Drag the line, log r or α; the dotted line is the recorded ratio.</source>
        <translation>第 %1 步。拖动竖线、log r 或 α；点线为记录的比值。</translation>
    </message>
    <message>
        <source>supposed</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>recorded</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>margin</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>pathway</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Band [%1, %2], centre %3; ż in nats per unit of learning rate.</source>
        <translation>解耦带 [%1, %2]，中心 %3；ż 的单位为每单位学习率的奈特。</translation>
    </message>
    <message>
        <source>ρ ≤ 0: every ratio disentangles; ż in nats per unit of learning rate.</source>
        <translation>ρ ≤ 0：任何比值都解耦；ż 的单位为每单位学习率的奈特。</translation>
    </message>
    <message>
        <source>Predicted: %1</source>
        <translation>预测：%1</translation>
    </message>
    <message>
        <source>What if</source>
        <translation>假设分析</translation>
    </message>
    <message>
        <source>As recorded</source>
        <translation>恢复记录值</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Velocities over the applied log ratio</source>
        <translation>速度随施加的对数比变化</translation>
    </message>
</context>
<context>
    <name>bandscope::app::WhereChoice</name>
    <message>
        <source>Where</source>
        <translation>运行位置</translation>
    </message>
    <message>
        <source>Machine to train on</source>
        <translation>训练所用的机器</translation>
    </message>
    <message>
        <source>This machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>%1: not connected</source>
        <translation>%1：未连接</translation>
    </message>
</context>
<context>
    <name>bandscope::viz::DynamicsView</name>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Copy data</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>Export this figure…</source>
        <translation>导出此图…</translation>
    </message>
    <message>
        <source>Export this chart…</source>
        <translation>导出此图表…</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Moving average, momentum %1</source>
        <translation>滑动平均，动量 %1</translation>
    </message>
    <message>
        <source>Mean over %1 steps</source>
        <translation>%1 步平均</translation>
    </message>
    <message>
        <source>Axes</source>
        <translation>坐标轴</translation>
    </message>
    <message>
        <source>Logarithmic steps</source>
        <translation>步数取对数</translation>
    </message>
    <message>
        <source>Logarithmic values, where they are positive</source>
        <translation>数值取对数（为正处）</translation>
    </message>
    <message>
        <source>Show all	Home</source>
        <translation>显示全部	Home</translation>
    </message>
    <message>
        <source>Zoom back	Backspace</source>
        <translation>返回上一缩放	Backspace</translation>
    </message>
    <message>
        <source>Pathway strip</source>
        <translation>路径条带</translation>
    </message>
    <message>
        <source>All charts	M</source>
        <translation>全部图表	M</translation>
    </message>
    <message>
        <source>This chart alone	M</source>
        <translation>仅此图表	M</translation>
    </message>
    <message>
        <source>%1 values undefined</source>
        <translation>%1 个值未定义</translation>
    </message>
    <message>
        <source>%1 values off scale</source>
        <translation>%1 个值超出范围</translation>
    </message>
</context>
</TS>
