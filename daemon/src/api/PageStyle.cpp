#include "api/Page.h"

namespace salon::api {

const std::string_view pageStyle = R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --ink: #1c2430; --quiet: #566173; --line: #d9dfe7; --block: #f3f5f8;
  --link: #0b5bb5; --get: #0b6b3a; --write: #8a4b00; --delete: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181f; --ink: #e4e8ee; --quiet: #a0abba; --line: #323a46; --block: #1d232c;
    --link: #7db7ff; --get: #6bd49a; --write: #f0b35f; --delete: #ff9c94;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
}
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
header, main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; columns: 20rem; column-gap: 2rem; }
nav li { break-inside: avoid; padding: .15rem 0; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 0; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
article { padding: 1rem 0; border-bottom: 1px solid var(--line); }
h3 { margin: .5rem 0; font-size: 1.1rem; }
h4 { margin: 1rem 0 .25rem; font-size: 1rem; }
p { margin: .5rem 0; max-width: 44rem; }
small { color: var(--quiet); font-size: .85rem; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre {
  margin: .5rem 0; padding: .75rem; background: var(--block); border-radius: .4rem;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
table { width: 100%; border-collapse: collapse; margin: .5rem 0; }
th, td {
  padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line);
  text-align: left; vertical-align: top; overflow-wrap: break-word;
}
th:first-child { width: 28%; } th:nth-child(2) { width: 24%; }
th { color: var(--quiet); font-weight: 600; font-size: .85rem; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
.method { font: 700 .85em ui-monospace, Menlo, Consolas, monospace; }
.get { color: var(--get); } .delete { color: var(--delete); }
.post, .put, .patch { color: var(--write); }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; padding: 0; border: 0; }
}
)css";

} // namespace salon::api
