/** The run page's style sheet: light and dark by the reader's choice, narrow and wide. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fbfbfa;--ink:#1d2230;--soft:#5c6474;--line:#e3e5ea;--good:#0f7b4f;--bad:#b3261e;--calm:#5c6474;--bad-paper:#fdecea}
@media(prefers-color-scheme:dark){:root{--paper:#14161b;--ink:#e7e9ef;--soft:#a0a8b7;--line:#2d323c;--good:#5cc995;--bad:#ff8a80;--calm:#a0a8b7;--bad-paper:#3a1916}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{padding:0 0 3rem}
main>section,.top,footer{max-width:70rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
main>section{margin-top:3rem}
.top{padding-top:1.25rem;padding-bottom:1rem;border-bottom:1px solid var(--line);display:flex;flex-wrap:wrap;gap:.25rem 2rem;align-items:baseline}
.top p{margin:0}
.eyebrow{margin:0;font-size:1rem;font-weight:650}
.line{font-size:.9375rem}
.badge{padding:.1rem .55rem;border-radius:1rem;border:1px solid currentColor;font-size:.8125rem;font-weight:600}
.good{color:var(--good)}.bad{color:var(--bad)}
h2{margin:0 0 1rem;font-size:1.3rem;line-height:1.3;font-weight:650;letter-spacing:-.01em}
h3{margin:1.5rem 0 .5rem;font-size:1rem}
main>section.results{margin-top:0;padding:0;max-width:none}
.results .text,.results figure{max-width:70rem;margin:2rem auto;padding:0 clamp(1rem,4vw,2.5rem)}
iframe{display:block;width:100%;height:90vh;border:0;color-scheme:light dark}
main>section.failure{margin-top:2rem;border-left:4px solid var(--bad);background:var(--bad-paper);padding-top:1rem;padding-bottom:1rem}
.failure h2{font-size:1.05rem;margin:0 0 .5rem}
pre{overflow-x:auto;margin:.5rem 0;padding:.75rem 1rem;background:color-mix(in srgb,var(--ink) 5%,transparent);border-radius:.4rem;font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace}
.drawing{overflow-x:auto;margin:0 0 1.5rem}
.drawing svg{display:block;margin:0 auto}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{padding:.5rem .8rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--soft);font-weight:500;font-size:.8125rem;vertical-align:bottom}
tbody th{font-weight:600;white-space:nowrap}
.stages td:nth-child(2){min-width:12rem}
.stages td:nth-child(4),.stages td:nth-child(5){min-width:13rem}
code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
.provenance th{font-weight:500;vertical-align:top}.provenance td,.provenance th{padding-top:.25rem;padding-bottom:.25rem}
:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.n{text-align:right;white-space:nowrap}
.state{font-weight:600;color:var(--calm)}
.state.ran{color:var(--good)}.state.failed{color:var(--bad)}
.pair{display:inline-block;margin-right:.9rem}
.faint{color:var(--soft)}.small{font-size:.875rem}
.warnings{margin:0;padding-left:1.2rem}.warnings li{margin:.2rem 0;max-width:60rem}
.made{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.6rem 0}
.exhibits{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.5rem;padding:.5rem 0 1.5rem;align-items:start}
.exhibits>.text,.exhibits>iframe{grid-column:1/-1}
figure{margin:0}
figure img{max-width:100%;height:auto;display:block}
figcaption{margin-top:.35rem;color:var(--soft);font-size:.8125rem;overflow-wrap:anywhere}
.text h4,.text h5{margin:1.25rem 0 .5rem;font-size:1rem}
.text p{max-width:46rem}
footer{margin-top:3rem}
@media print{.wide,.drawing{overflow:visible}th,td{font-size:.7rem;padding:.2rem .3rem}h2,h3,summary{break-after:avoid}figure,tr{break-inside:avoid}}
`.trim();

/** Makes each frame as high as its page: the one thing that style sheets cannot do. */
export const FRAME_SCRIPT = `
for (const frame of document.querySelectorAll('iframe')) {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page && frame.offsetWidth > 0) {
      frame.style.height = 'auto';
      frame.style.height = frame.contentDocument.body.scrollHeight + 1 + 'px';
    }
  };
  frame.addEventListener('load', fit);
  addEventListener('resize', fit);
  frame.closest('details')?.addEventListener('toggle', fit);
  fit();
}
`.trim();
