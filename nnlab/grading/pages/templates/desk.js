"use strict";
// Sends changes to the desk's server, and leads from answer to answer by keyboard. What it shows is text, never HTML.
const place = document.getElementById("desk").dataset;
const said = document.getElementById("said");
const here = { student: place.student || "", exercise: place.exercise || "", seen: Number(place.seen) };

async function send(change, onwards) {
  said.textContent = "Saving …";
  let answer;
  try {
    const reply = await fetch("change", { method: "POST", body: JSON.stringify({ ...here, ...change }) });
    answer = reply.headers.get("Content-Type").includes("json") ? await reply.json() : { problem: await reply.text() };
  } catch {
    answer = { problem: "The desk does not answer. Is `nnlab desk` still running? Nothing was saved." };
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
    const change = { kind: "mark", why: fields.why };
    const [points, comment] = [form.elements.value, form.elements.comment];
    if (fields.value !== points.defaultValue || form.elements.why.value !== form.elements.why.defaultValue) change.value = fields.value;
    if (fields.comment !== comment.defaultValue) change.comment = fields.comment;
    if (comment.defaultValue && !fields.comment.trim()) said.textContent = "To take a comment back, undo it below.";
    else send(change, true);
  });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.matches(".undo")) send({ kind: "undo", number: Number(button.dataset.number) }, false);
  if (button.id === "fine") send({ kind: "seen" }, true);
  if (button.matches(".refuse")) {
    document.getElementById("points").value = "0";
    document.getElementById("why").value = `Not accepted: ${button.dataset.why}`;
    document.getElementById("why").focus();
  }
});

const links = { n: "next", u: "class", j: "after", k: "before", h: "left", l: "right" };
const fields = { e: "points", c: "comment" };
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (typing && event.key === "Escape") event.target.blur();
  if (typing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = document.getElementById(links[event.key] ?? fields[event.key]);
  if (event.key === "a") document.getElementById("fine")?.click();
  if (!to) return;
  event.preventDefault();
  if (event.key in links) to.click();
  else { to.focus(); to.select(); }
});
