"use strict";
// Sends changes to the desk's server, and leads from answer to answer by keyboard. What it shows is text, never HTML.
const place = document.getElementById("desk").dataset;
const said = document.getElementById("said");
const here = { student: place.student || "", exercise: place.exercise || "", seen: Number(place.seen) };

async function send(change, onwards) {
  said.textContent = place.saving;
  let answer;
  try {
    const reply = await fetch("change", { method: "POST", body: JSON.stringify({ ...here, ...change }) });
    answer = reply.headers.get("Content-Type").includes("json") ? await reply.json() : { problem: await reply.text() };
  } catch {
    answer = { problem: place.silent };
  }
  if (answer.problem) {
    said.textContent = answer.problem;
    said.scrollIntoView({ block: "nearest" });
  } else if (onwards && answer.next) {
    location.assign(answer.next);
  } else {
    location.reload();
  }
}

for (const form of document.querySelectorAll("form.change")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    if (form.dataset.kind === "rule") return void send(fields, false);
    if (form.dataset.kind === "whole") return void sendWhole(form, fields);
    if (form.dataset.mend) {
      const comment = fields.comment === form.elements.comment.defaultValue ? "" : fields.comment;
      return void send({ kind: "refuse", mend: form.dataset.mend, why: fields.why, comment }, true);
    }
    if (form.querySelector("#rubric") && !byHand()) return void sendRubric(fields);
    const change = { kind: "mark", why: fields.why };
    const [points, comment] = [form.elements.value, form.elements.comment];
    if (fields.value !== points.defaultValue || form.elements.why.value !== form.elements.why.defaultValue) change.value = fields.value;
    if (fields.comment !== comment.defaultValue) change.comment = fields.comment;
    if (comment.defaultValue && !fields.comment.trim()) said.textContent = place.uncomment;
    else send(change, true);
  });
}

// Bonus and comment for all of a student's notebook: only what was changed is sent.
function sendWhole(form, fields) {
  const { value, why, comment } = form.elements;
  const change = { kind: "whole", why: fields.why };
  if (fields.value !== value.defaultValue || fields.why !== why.defaultValue) change.value = fields.value;
  if (fields.comment !== comment.defaultValue) change.comment = fields.comment;
  if ((comment.defaultValue && !fields.comment.trim()) || (value.defaultValue && !fields.value.trim())) said.textContent = place.unwhole;
  else send(change, false);
}

// An answer in words: the points follow the criteria, unless someone types others.
const criteria = [...document.querySelectorAll("#rubric input")];
const sum = () => String(criteria.filter((each) => each.checked).reduce((all, each) => all + Number(each.dataset.points), 0));

function byHand() {
  const points = document.getElementById("points");
  return points.value !== points.defaultValue && points.value !== sum();
}

function sendRubric(fields) {
  const points = document.getElementById("points");
  const met = criteria.filter((each) => each.checked).map((each) => Number(each.value));
  if (!met.length && points.value === "" && !fields.comment.trim()) {
    said.textContent = place.tick;
    return;
  }
  const comment = document.getElementById("comment");
  const why = document.getElementById("why");
  const same = points.value === points.defaultValue && why.value === why.defaultValue && criteria.every((each) => each.checked === each.defaultChecked);
  const change = same ? { kind: "mark" } : { kind: "rubric", criteria: met, why: fields.why };
  if (fields.comment !== comment.defaultValue) change.comment = fields.comment;
  send(change, true);
}

document.getElementById("points")?.addEventListener("input", ({ target }) => { delete target.form.dataset.mend; });
for (const each of criteria) each.addEventListener("change", () => { document.getElementById("points").value = sum(); });

function tick(key) {
  if (key === "0") for (const each of criteria) each.checked = false;
  else if (criteria[Number(key) - 1]) criteria[Number(key) - 1].checked = !criteria[Number(key) - 1].checked;
  document.getElementById("points").value = sum();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.matches(".undo")) send({ kind: "undo", number: Number(button.dataset.number) }, false);
  if (button.id === "fine") send({ kind: "seen" }, true);
  if (button.matches(".accept")) send({ kind: "accept", mend: button.dataset.mend }, false);
  if (button.matches(".refuse")) {
    document.getElementById("points").value = button.dataset.left;
    document.getElementById("why").value = place.refused.replace("{text}", () => button.dataset.why);
    document.getElementById("why").focus();
    document.querySelector("form[data-kind=mark]").dataset.mend = button.dataset.mend; // saved as a refusal of this mend
  }
});

const links = { n: "next", u: "class", j: "after", k: "before", h: "left", l: "right" };
const fields = { e: "points", c: "comment" };
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
  const form = event.target.form ?? document.querySelector("form.change[data-kind=mark]");
  if (typing && event.key === "Escape") event.target.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form?.requestSubmit();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = document.getElementById(links[event.key] ?? fields[event.key]);
  if (criteria.length && /^[0-9]$/.test(event.key)) tick(event.key);
  if (criteria.length && event.key === "s") form.requestSubmit();
  if (event.key === "y") document.querySelector("button.accept")?.click();
  if (event.key === "x") {
    event.preventDefault();
    document.querySelector("button.refuse")?.click();
  }
  if (event.key === "a") document.getElementById("fine")?.click();
  if (!to) return;
  event.preventDefault();
  if (event.key in links) to.click();
  else { to.focus(); to.select(); }
});
