// A demo without a kernel: shows pictures that were drawn beforehand. nnlab/web/frames.py says what a table holds.
"use strict";
const show = async (place, packed) => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { controls, back, note, tell, pieces, pictures, states } = await new Response(stream).json();
  const make = (tag, properties, ...inside) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  };
  let moved = []; // numbers of the controls that are away from their start, the one moved last behind the others
  const at = {}; // their positions
  const key = () => [...moved].sort((a, b) => a - b).map((number) => `${number}:${at[number]}`).join(",");
  const picture = make("div", { className: "nnlab-picture" });
  const row = make("div", { className: "nnlab-controls" });

  const fields = controls.map((control, number) => {
    const { kind, label, names } = control;
    if (kind === "press") {
      const button = make("button", { type: "button", textContent: label });
      button.onclick = () => move(number, moved.includes(number) ? at[number] + 1 : 0);
      row.append(button);
      return { field: button };
    }
    const field = kind === "choice" ? make("select", {}) : make("input", { type: kind === "check" ? "checkbox" : "range" });
    if (kind === "choice") field.append(...names.map((each) => new Option(each)));
    if (kind === "range") Object.assign(field, { min: 0, max: names.length - 1, step: 1 });
    field.addEventListener(kind === "range" ? "input" : "change", () => {
      move(number, kind === "choice" ? field.selectedIndex : kind === "check" ? Number(field.checked) : Number(field.value));
    });
    const written = make("output", {});
    row.append(make("label", {}, make("span", { textContent: label }), field, kind === "range" ? written : ""));
    return { field, written };
  });
  const start = make("button", { type: "button", textContent: back });
  start.onclick = () => { moved = []; draw(); };
  row.append(start);

  const move = (number, position) => {
    moved = moved.filter((each) => each !== number);
    if (controls[number].kind === "range" || position !== controls[number].start) moved.push(number);
    at[number] = position;
    while (!(key() in states)) moved.shift(); // what was moved longest ago goes back to its start
    draw();
  };

  const draw = () => {
    const [which, stand] = states[key()];
    const drawn = pictures[which];
    const whole = Array.isArray(drawn) ? drawn : pictures[0].map((piece, index) => drawn[index] ?? piece);
    picture.innerHTML = whole.map((piece) => pieces[piece]).join("");
    controls.forEach(({ kind, names, start }, number) => {
      const { field, written } = fields[number];
      const shown = stand[number];
      if (kind === "choice") {
        const options = Array.isArray(shown) ? shown[1] : names;
        if ([...field.options].map((each) => each.text).join() !== options.join()) field.replaceChildren(...options.map((each) => new Option(each)));
        field.selectedIndex = Array.isArray(shown) ? shown[0] : shown;
      } else if (kind === "check") {
        field.checked = Boolean(shown);
      } else if (kind === "range") {
        const number_ = (text) => Number(text.replace("−", "-"));
        const near = (best, each, index) => (Math.abs(number_(each) - number_(shown)) < Math.abs(number_(names[best]) - number_(shown)) ? index : best);
        field.value = names.reduce(near, start);
        written.value = shown;
        field.setAttribute("aria-valuetext", shown);
      } else {
        const pressed = moved.includes(number) ? at[number] + 1 : 0;
        const others = moved.filter((each) => each !== number && controls[each].kind !== "press");
        const next = [...others.map((each) => [each, at[each]]), [number, pressed]].sort((a, b) => a[0] - b[0]);
        field.disabled = pressed > 0 && !(next.map((each) => each.join(":")).join(",") in states);
      }
    });
  };

  picture.addEventListener("click", (event) => { // a click on a line of the network chooses it in the first list
    const hit = event.target.closest("[data-choice]");
    const list = controls.findIndex(({ kind }) => kind === "choice");
    if (hit && list >= 0) move(list, Number(hit.dataset.choice));
  });
  draw();
  place.replaceChildren(row, picture, make("p", { innerHTML: tell }), make("p", { className: "nnlab-note", textContent: note }));
  place.dataset.live = "true";
};
// Each table is a script of its own, since a page that is opened from a disk may fetch nothing. Without one, or unpacking, the still stays.
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll("[data-demo]")) {
    const packed = (window.nnlabTables || {})[place.dataset.demo];
    if (packed && window.DecompressionStream) show(place, packed);
  }
});
