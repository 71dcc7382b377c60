/// How the page looks: light and dark, on a telephone, and on paper.
enum HTMLStyle {
  static let text = #"""
    :root{--bg:#fff;--fg:#1b1f24;--dim:#57606a;--edge:#d0d7de;--soft:#f3f5f7;--link:#0550ae;
    --bad:#b3261e;--badbg:#fdecea;--warn:#8a5300;--warnbg:#fff4e0;--good:#1a7431;--goodbg:#e8f6ec;--note:#3b5b7e;
    --host:#2f6fd0;--modem:#2c8a57;--data:#8250df;--again:#d1421f;--idle:#aab2bb}
    @media screen and (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e4e8ec;--dim:#a2acb6;--edge:#3a424b;--soft:#1e2329;
    --link:#79b8ff;--bad:#ff8f85;--badbg:#3a1d1b;--warn:#f0b65a;--warnbg:#362a14;--good:#6fd08c;--goodbg:#16301f;
    --note:#9dbfe4;--host:#5b96f0;--modem:#4db67e;--data:#b48cff;--again:#ff7a5c;--idle:#5b646e}}
    *{box-sizing:border-box}
    html{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;background:var(--bg);color:var(--fg);
    scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
    body{margin:0}
    main{max-width:70rem;margin:0 auto;padding:1rem}
    code,.text,.t{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:.9em;unicode-bidi:isolate}
    code{overflow-wrap:anywhere}
    a{color:var(--link)}
    h1,h2{margin:0;line-height:1.2;font-size:1.9rem}
    h3{margin:2rem 0 .6rem;font-size:1.25rem;border-bottom:1px solid var(--edge);padding-bottom:.2rem}
    h4{margin:0;font-size:1rem;overflow-wrap:anywhere}
    p{margin:.4rem 0}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    .verdict{border-left:.5rem solid;border-radius:.4rem;padding:1rem 1.2rem;background:var(--soft)}
    .verdict.broken{border-color:var(--bad);background:var(--badbg)}.verdict.broken h1,.verdict.broken h2{color:var(--bad)}
    .verdict.doubtful{border-color:var(--warn);background:var(--warnbg)}
    .verdict.doubtful h1,.verdict.doubtful h2{color:var(--warn)}
    .verdict.sound{border-color:var(--good);background:var(--goodbg)}.verdict.sound h1,.verdict.sound h2{color:var(--good)}
    .path{margin:0 0 .2rem;color:var(--dim);overflow-wrap:anywhere}
    .sum{font-size:1.05rem}
    .ten{margin:.8rem 0 0}
    .ten div{display:flex;gap:.8rem;padding:.25rem 0}
    .ten dt{flex:0 0 4.8rem;font-weight:700}
    .ten dd{margin:0;overflow-wrap:anywhere}
    .facts,.left,.caption,.cite,.related,footer{color:var(--dim);font-size:.9rem;overflow-wrap:anywhere}
    .facts{margin-top:.6rem}
    .input+.input,.scroll+.input,.left+.input{margin-top:3rem;border-top:3px solid var(--edge);padding-top:1rem}
    .tools{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.4rem 0}
    button,input,select{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--dim);border-radius:.35rem;
    padding:.3rem .7rem;min-height:2.2rem}
    button{cursor:pointer;background:var(--soft)}
    :focus-visible{outline:3px solid var(--link);outline-offset:1px}
    .range,.hits{color:var(--dim);font-size:.9rem}
    .picture{border:1px solid var(--edge);border-radius:.4rem;overflow:hidden;background:var(--soft);cursor:grab;
    touch-action:pan-y;user-select:none}
    .picture svg{display:block}
    .picture text{font-size:12px;fill:var(--dim)}
    .grid{stroke:var(--edge)}.gutter{fill:var(--soft)}
    .h{fill:var(--host)}.m{fill:var(--modem)}.d{fill:var(--data)}.f{fill:var(--bad)}.load{opacity:.45}
    .picture text.in{fill:var(--bg);font-weight:600}
    .s2{fill:var(--bad)}.s1{fill:var(--warn)}.s0{fill:var(--note)}
    [data-row],.picture a,[data-to]{cursor:pointer}
    .caption i{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin:0 .3rem 0 .8rem;vertical-align:-1px}
    .caption i:first-child{margin-left:0}
    .marks{margin-left:.8rem}
    .k-host{background:var(--host)}.k-modem{background:var(--modem)}.k-bad{background:var(--bad)}.k-data{background:var(--data)}
    .rule,.transfer{border:1px solid var(--edge);border-left:.35rem solid var(--note);border-radius:.4rem;margin:.7rem 0;padding:.5rem .9rem}
    .rule.error{border-left-color:var(--bad)}.rule.warning{border-left-color:var(--warn)}.transfer{border-left-color:var(--data)}
    summary{cursor:pointer;padding:.2rem 0;overflow-wrap:anywhere}
    .badge{font-size:.8rem;font-weight:700;text-transform:uppercase;border:1px solid;border-radius:.3rem;padding:.05rem .4rem;color:var(--note)}
    .error .badge{color:var(--bad)}.warning .badge{color:var(--warn)}
    .title{font-weight:600}.count{color:var(--dim)}
    .finding{border-top:1px solid var(--edge);margin-top:.6rem;padding-top:.5rem;scroll-margin-top:1rem}
    .finding:target,.flash{background:var(--warnbg);box-shadow:0 0 0 .35rem var(--warnbg);border-radius:.2rem}
    .place{font-weight:600}
    table{border-collapse:collapse;width:100%}
    caption{text-align:left;font-weight:600;padding:.3rem 0}
    th,td{text-align:left;padding:.28rem .6rem .28rem 0;vertical-align:top;border-bottom:1px solid var(--edge)}
    thead th{font-size:.85rem;color:var(--dim);font-weight:600;white-space:nowrap}
    tbody th{font-weight:400}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .scroll{overflow-x:auto}
    .bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
    h4 .bad,h4 .good{font-size:.9rem;margin-left:.4rem}
    .bytes{width:auto;max-width:100%;background:var(--soft);border-radius:.3rem;margin:.3rem 0;font-size:.93rem}
    .bytes th,.bytes td{border:0;padding:.1rem .5rem;color:var(--dim)}
    .bytes th,.bytes .t{text-align:right;font-variant-numeric:tabular-nums}
    .bytes .text{color:inherit;overflow-wrap:anywhere;white-space:pre-wrap}
    .bytes .marked th,.bytes .marked td{color:var(--fg);font-weight:600;background:var(--warnbg)}
    .hex{min-height:1.6rem;padding:0 .5rem;font-size:.85rem}
    .spread{min-width:9rem;width:22%}
    thead .spread span{float:right;font-weight:400}
    .spread svg{width:100%;height:1.1rem;display:block;background:var(--soft)}
    .reach{stroke:var(--modem);stroke-width:1.5}.box{fill:var(--modem);opacity:.55}.mid{fill:var(--fg)}.max{fill:var(--again)}
    .budget{display:flex;height:1.1rem;border-radius:.25rem;overflow:hidden;margin:.4rem 0;background:var(--soft)}
    .budget span{flex:0 1 auto;min-width:1px}
    .b-line{background:var(--modem)}.b-modem{background:var(--data)}.b-host{background:var(--host)}
    .b-retransmitting{background:var(--again)}.b-unknown{background:var(--idle)}
    .key{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:0;padding:0;font-size:.9rem}
    .key i{display:inline-block;width:.75rem;height:.75rem;border-radius:.15rem;margin-right:.35rem;vertical-align:-1px}
    .plot{width:100%;height:6rem;display:block;background:var(--soft);margin-top:.5rem;border-radius:.25rem}
    .plot .rate{fill:var(--host)}.plot .stall{fill:var(--warn);opacity:.2}.plot .again{fill:var(--again)}
    .plot .ceiling{stroke:var(--dim);stroke-dasharray:7 5;vector-effect:non-scaling-stroke}
    .blocks{display:flex;flex-wrap:wrap;gap:2px}
    .blocks i{width:9px;height:9px;border-radius:1px;background:var(--modem)}
    .blocks i.r{background:var(--warn)}.blocks i.x{background:var(--bad)}
    .rows td:nth-child(4),.rows td:nth-child(5){overflow-wrap:anywhere;min-width:9rem}
    .rows tr{scroll-margin-top:4rem}
    .rows .o2 td:nth-child(6),.rows .o3 td:nth-child(6){color:var(--bad);font-weight:600}
    .find{width:16rem;max-width:70vw}
    footer{margin-top:2.5rem;border-top:1px solid var(--edge);padding-top:.6rem}
    @media (max-width:40rem){main{padding:.6rem}h1,h2{font-size:1.5rem}.verdict{padding:.8rem}.ten div{display:block}
    .rule,.transfer{padding:.4rem .6rem}.bytes .t{display:none}.bytes th,.bytes td{padding:.1rem .25rem}
    .commands th code{white-space:nowrap}.commands .spread{min-width:7rem}
    .commands{font-size:.9rem}.commands th,.commands td{padding-right:.4rem}
    .rows thead{display:none}.rows,.rows tbody,.rows tr{display:block}
    .rows tr{border-bottom:1px solid var(--edge);padding:.4rem 0}
    .rows td{display:inline;border:0;padding:0 .5rem 0 0;text-align:left}
    .rows td:nth-child(4),.rows td:nth-child(5){display:block}}
    @media print{@page{margin:14mm 12mm}html{font-size:11px}main{max-width:none;padding:0}
    .tools,.hex,button,.how{display:none}summary{list-style:none}a{color:inherit}
    a[href^="http"]::after{content:" (" attr(href) ")";overflow-wrap:anywhere}
    .scroll,.picture{overflow:visible}.picture{max-width:100%}.picture svg{max-width:100%;height:auto}
    h3,h4,summary,caption,.rule>p{break-after:avoid}.finding,.transfer,.verdict,.picture,.ten div,tr{break-inside:avoid}
    thead{display:table-header-group}.rows a{overflow-wrap:anywhere}.rule,.transfer{box-decoration-break:clone}
    .rows td:nth-child(4),.rows td:nth-child(5){min-width:0}
    details::details-content{content-visibility:visible}
    .more:not([hidden]){display:block;border:0;padding:0;font-size:0;background:none}
    .more:not([hidden])::after{content:"The table goes on in the page on a screen.";font-size:11px}
    .finding:target,.flash{background:none;box-shadow:none}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}

    """#
}
