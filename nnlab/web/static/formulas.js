/* A formula that is wider than its page scrolls; who has no mouse reaches it by Tab, and scrolls it by the arrow keys. */
"use strict";
addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const formulas = [...document.querySelectorAll('mjx-container[display="true"]')];
  const reach = () => formulas.forEach((each) => (each.scrollWidth > each.clientWidth ? (each.tabIndex = 0) : each.removeAttribute("tabindex")));
  reach();
  addEventListener("resize", reach);
});
