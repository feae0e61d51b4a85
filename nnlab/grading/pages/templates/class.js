"use strict";
// Sorts and filters the table of students. Without this script the table is whole, in order of names.
const table = document.getElementById("students");
const said = document.getElementById("said");
const query = document.getElementById("filter-text");
const state = document.getElementById("filter-state");

if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const text = (row, column) => row.cells[column].textContent.trim();

  // An empty cell comes last in both directions; rows that are equal stay in order of names.
  const order = (column, sign, numbers) => (a, b) => {
    const [x, y] = [text(a, column), text(b, column)];
    if (x === "" || y === "") return (x === "") - (y === "");
    return sign * (numbers ? Number(x) - Number(y) : x.localeCompare(y, undefined, { numeric: true }));
  };

  const sort = (column) => {
    const head = heads[column];
    const up = head.getAttribute("aria-sort") !== "ascending";
    heads.forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...[...rows].sort(order(column, up ? 1 : -1, head.dataset.sort === "number")));
    said.textContent = said.dataset[up ? "up" : "down"].replace("{name}", head.dataset.name);
  };

  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const all = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => all.includes(word)) || !(state.value === "" || row.dataset.state.split(" ").includes(state.value));
      count += row.hidden ? 0 : 1;
    }
    said.textContent = said.dataset.shown.replace("{count}", count).replace("{all}", rows.length);
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(column));
  });
  query.addEventListener("input", filter);
  state.addEventListener("change", filter);
  document.getElementById("controls").hidden = false;
}
