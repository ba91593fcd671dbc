/** The comparison page's style sheet: light and dark by the reader's choice, narrow and wide. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fbfbfa;--card:#fff;--ink:#1d2230;--soft:#5c6474;--line:#e3e5ea;--note:#fff4d6;--note-ink:#5b4300;--note-line:#e9c766}
@media(prefers-color-scheme:dark){:root{--paper:#14161b;--card:#1b1e25;--ink:#e7e9ef;--soft:#a0a8b7;--line:#2d323c;--note:#33290c;--note-ink:#f4dd9b;--note-line:#6d5718}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:70rem;margin:0 auto;padding:clamp(1.25rem,4vw,3.5rem) clamp(1rem,4vw,2.5rem)}
.eyebrow{margin:0 0 .6rem;color:var(--soft);font-size:.875rem;letter-spacing:.02em}
h1{margin:0 0 1.25rem;max-width:46rem;font-size:clamp(1.35rem,1rem + 1.7vw,2.05rem);line-height:1.25;font-weight:650;letter-spacing:-.015em;text-wrap:balance}
h2{margin:0 0 .5rem;font-size:1.2rem;line-height:1.3;font-weight:650;letter-spacing:-.008em}
p{max-width:44rem;margin:0 0 1rem}
section{margin-top:3.25rem}
.synthetic,.cautions{max-width:46rem;padding:.7rem 1rem;border:1px solid var(--note-line);border-radius:.5rem;background:var(--note);color:var(--note-ink)}
.cautions{margin:1rem 0 0;padding-left:2.1rem;background:none;color:inherit}
.facts{display:flex;flex-wrap:wrap;gap:.75rem 2.75rem;margin:1.5rem 0 0}
.facts dd{margin:0;font-size:1.55rem;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
.facts dt{color:var(--soft);font-size:.875rem}
.facts div{display:flex;flex-direction:column-reverse}
figure{margin:0}
figure>svg{display:block}
.on-narrow{display:none}
@media(max-width:44rem){.on-wide{display:none}.on-narrow{display:block}}
td.small{min-width:14rem}
figcaption,.multiples+.small{margin-top:.75rem}
figcaption{color:var(--soft);font-size:.875rem;max-width:44rem}
figcaption.title{margin:0 0 .25rem;color:inherit;font-weight:600;font-size:1rem}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9375rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:.5rem 0}
th,td{padding:.45rem .8rem;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line)}
th:first-child,td:first-child{padding-left:0}
thead th{color:var(--soft);font-weight:500;font-size:.8125rem;vertical-align:bottom}
tbody th{font-weight:550;white-space:nowrap;max-width:18rem;overflow:hidden;text-overflow:ellipsis}
.pairs tbody th{white-space:normal;max-width:none;min-width:11rem}
.n{text-align:right;white-space:nowrap}
thead th.n{white-space:normal}
.best{font-weight:750}
.faint,.small{color:var(--soft)}
.small{font-size:.875rem}
.baseline *{color:var(--soft);font-weight:400}
.group{border-left:1px solid var(--line)}
thead th.group[colspan]{text-align:left;color:var(--ink)}
.key{display:inline-block;width:.7rem;height:.7rem;margin-right:.5rem;border-radius:50%;background:var(--series)}
.bar{background:linear-gradient(to right,color-mix(in srgb,var(--series) 60%,transparent) var(--share),transparent var(--share)) no-repeat 0 100%/100% .3rem}
.key,.bar,.matrix td>*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.multiples{margin-top:1.25rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));gap:2rem 1.5rem;align-items:start}
.multiples.two{grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr))}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;font-size:.9375rem}
h3{margin:1.5rem 0 .5rem;font-size:1rem}
.lead{font-size:1.1rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9375rem}
a{color:inherit;text-underline-offset:.2em}
:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.bar.plain{--series:var(--soft)}
.matrices{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:2rem 1.5rem;align-items:start}
.matrix{position:relative}
.matrix table{width:auto;font-size:.8125rem}
.matrix th,.matrix td{border:0;padding:1px}
.matrix tbody th{font-weight:500;padding-right:.6rem;text-align:right;max-width:10rem}
.matrix .answer{height:7.5rem;min-width:2.2rem;vertical-align:bottom;padding:0 0 .4rem}
.matrix .answer span{display:block;writing-mode:vertical-rl;transform:rotate(180deg);max-height:7rem;overflow:hidden;text-overflow:ellipsis;margin:0 auto;color:var(--ink)}
.matrix td{text-align:center;min-width:2.2rem;height:2.2rem}
.matrix td>button,.matrix td>span{display:grid;place-items:center;width:100%;min-height:2.2rem;border:0;border-radius:3px;background:color-mix(in srgb,var(--series) var(--share),color-mix(in srgb,var(--soft) 10%,transparent));color:var(--ink);font:inherit}
.matrix td.none>span{color:var(--soft)}
.peek{display:none;position:absolute;z-index:2;left:0;right:0;top:100%;padding:.75rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem;box-shadow:0 6px 24px #0003;text-align:left;flex-wrap:wrap;gap:.4rem}
.peek p{flex-basis:100%;margin:0}
td:hover>.peek,td:focus-within>.peek{display:flex}
.cell{display:inline-block;width:72px;height:72px;border-radius:4px;background-size:cover;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.cards{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(9.75rem,1fr));gap:1.25rem 1rem}
.cards p{margin:.35rem 0 0;font-size:.875rem;line-height:1.35;overflow-wrap:anywhere}
.pictures{display:flex;gap:4px}
.source{margin:.2rem 0 0}
.around{position:relative;margin-top:.4rem}
.around img{display:block;width:100%;border-radius:4px}
.around span{position:absolute;border:2px solid #fff;outline:1px solid #000}
details{margin-top:1.25rem}
summary{cursor:pointer;color:var(--soft);font-size:.875rem}
footer{margin-top:3.5rem;padding-top:1.5rem;border-top:1px solid var(--line);font-size:.9375rem}
footer dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.25rem;max-width:46rem;margin:0 0 1rem}
footer dt{font-weight:550}
footer dd{margin:0;color:var(--soft)}
@media(max-width:36rem){footer dl{grid-template-columns:1fr}footer dd{margin-bottom:.5rem}}
@media print{body{background:#fff}.wide{overflow:visible}table{font-size:.66rem}th,td,thead th{font-size:.66rem;padding:.2rem .3rem;white-space:normal}.n{white-space:nowrap}h2,h3,summary{break-after:avoid}nav,.peek{display:none!important}.cards{grid-template-columns:repeat(6,1fr)}.multiples.two{grid-template-columns:1fr 1fr}.cards .cell{width:48px;height:48px}figure,.cards li,tr{break-inside:avoid}details::details-content{content-visibility:visible;height:auto}}
`.trim();
