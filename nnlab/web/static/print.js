/* Paper is white: a page in dark colours is printed in light ones. */
"use strict";
const page = document.documentElement.dataset;
addEventListener("beforeprint", () => { [page.before, page.theme] = [page.theme, "light"]; });
addEventListener("afterprint", () => { page.theme = page.before; });
