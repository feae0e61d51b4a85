/* Live lectures for JupyterLab 4 and Notebook 7, in plain JavaScript: no node, no bundler, no request to anywhere.

A lecture notebook (`nnlab lecture`) carries the steps of each exercise in the metadata of its cell:
nnlab.live = {start, steps: [{say, text, typed, wrong}], stub, mistakes, section}. What has been typed is read off the cell itself,
so that undoing, reloading and saving need no memory of ours. */
(() => {
  'use strict';
  const ID = 'nnlab-live';
  const options = { pace: 28, letters: 22 };
  let share = {};
  let app = null;
  let typing = null; // the step that is being typed; `typing.hurry` ends it at once

  // --- what the notebook says ---------------------------------------------------------------------------------------------------

  const panel = () => app.shell.currentWidget;
  const lecture = () => {
    const model = panel()?.content?.model;
    return model?.getMetadata ? (model.getMetadata('nnlab') || {}).lecture : null;
  };
  const live = cell => (cell?.model?.getMetadata?.('nnlab') || {}).live;
  const text = source => source.replace(/\s+$/, '');

  /** Return how many steps a cell shows, or -1 where it was changed by hand. */
  function place(cell) {
    const { start, steps } = live(cell);
    const now = text(cell.model.sharedModel.getSource());
    for (let at = steps.length; at > 0; at--) if (text(steps[at - 1].text) === now) return at;
    return text(start) === now ? 0 : -1;
  }

  /** Return the active cell where it has steps. */
  function chosen() {
    const cell = panel()?.content?.activeCell;
    return live(cell)?.steps ? cell : null;
  }

  // --- typing -------------------------------------------------------------------------------------------------------------------

  const wait = ms => new Promise(done => setTimeout(done, ms));
  const common = (a, b) => {
    let at = 0;
    while (at < a.length && at < b.length && a[at] === b[at]) at++;
    return at;
  };

  /** End what one undo takes back. */
  const cut = cell => cell.model.sharedModel.undoManager?.stopCapturing?.();

  function put(cell, source) {
    cut(cell);
    cell.model.sharedModel.setSource(source);
    cut(cell);
  }

  /** Keep the start that both texts share, take the rest away, and type what is new. */
  async function type(cell, step) {
    const shared = cell.model.sharedModel;
    const job = (typing = { hurry: false });
    const old = shared.getSource();
    let at = common(old, step.text);
    cut(cell);
    try {
      for (let end = old.length; end > at && !job.hurry && step.wrong === false; end--) {
        if (end - at > 60) break; // longer than a line: not letter by letter
        shared.updateSource(end - 1, end, '');
        await wait(options.pace / 2);
      }
      const left = shared.getSource();
      if (left.length > at) shared.updateSource(at, left.length, '');
      while (at < step.typed && !job.hurry) {
        let count = 1;
        if (step.text[at] === '\n') while (step.text[at + count] === ' ') count++; // as an editor indents
        shared.updateSource(at, at, step.text.slice(at, at + count));
        at += count;
        cursor(cell, at);
        if (at >= step.typed) break; // a key pressed now is for the next step
        await wait(options.pace * (step.text[at - count] === '\n' ? 6 : 0.6 + 0.8 * Math.random()));
      }
      if (at < step.text.length) shared.updateSource(at, at, step.text.slice(at));
      cursor(cell, step.typed);
    } finally {
      typing = null;
      cut(cell);
    }
  }

  function cursor(cell, at) {
    if (cell.editor) cell.editor.setCursorPosition(cell.editor.getPositionAt(at));
  }

  // --- what is told -------------------------------------------------------------------------------------------------------------

  /** Tell the lecturer something, with buttons: in JupyterLab's own notification. */
  async function tell(message, ...actions) {
    const { Notification } = await shared('@jupyterlab/apputils');
    Notification.info(message, { autoClose: actions.length ? 15000 : 4000, actions });
  }

  const changed = cell =>
    tell('You changed this cell, so the next step is not typed into it.', { label: 'Fill it', callback: () => fill(cell) });

  function fill(cell) {
    const { steps } = live(cell);
    put(cell, steps[steps.length - 1].text);
    notes.show();
  }

  // --- the commands -------------------------------------------------------------------------------------------------------------

  async function next() {
    if (typing) {
      typing.hurry = true;
      return;
    }
    const cell = chosen();
    if (!cell) return forward();
    const { steps } = live(cell);
    const at = place(cell);
    if (at < 0) return changed(cell);
    if (at === steps.length) return tell('No step is left in this cell. Run it, then its check.');
    notes.start();
    const job = type(cell, steps[at]);
    notes.show(steps[at], steps[at + 1]);
    await job;
  }

  /** Go to the next cell that has a step left. */
  function forward() {
    const notebook = panel().content;
    const from = notebook.activeCellIndex;
    const found = notebook.widgets.findIndex((cell, at) => at > from && live(cell)?.steps && place(cell) < live(cell).steps.length);
    if (found < 0) return tell('No step is left below.');
    notebook.activeCellIndex = found;
    notebook.scrollToItem?.(found);
  }

  function back() {
    const cell = chosen();
    if (!cell || typing) return;
    const { start, steps } = live(cell);
    const at = place(cell);
    if (at < 0) return changed(cell);
    put(cell, at > 1 ? steps[at - 2].text : start);
    notes.show(steps[at - 2], steps[at - 1]);
  }

  function fillAbove() {
    const notebook = panel().content;
    const above = notebook.widgets.slice(0, notebook.activeCellIndex).filter(cell => live(cell)?.steps);
    const open = above.filter(cell => place(cell) !== live(cell).steps.length);
    open.forEach(fill);
    tell(open.length ? `${open.length} cell(s) filled. Run all cells above to go on from here.` : 'All cells above are filled.');
  }

  /** Unfold the next answer at or below the active cell. */
  function answer() {
    const notebook = panel().content;
    for (const cell of notebook.widgets.slice(notebook.activeCellIndex)) {
      const folded = cell.node.querySelector('details:not([open])');
      if (folded) {
        folded.open = true;
        folded.scrollIntoView({ block: 'nearest' });
        return;
      }
    }
  }

  function present() {
    for (const side of ['left', 'right']) app.shell.toggleSideTabBarVisibility?.(side);
    const there = document.getElementById(`${ID}-letters`);
    if (there) return there.remove();
    const css = document.createElement('style');
    css.id = `${ID}-letters`;
    css.textContent = `
      :root { --jp-code-font-size: ${options.letters}px !important; --jp-content-font-size1: ${options.letters}px !important;
        --jp-code-line-height: 1.45 !important; }
      .jp-Cell .jp-InputPrompt, .jp-Cell .jp-OutputPrompt { min-width: 0; width: 24px; overflow: hidden; }
      .jp-RenderedHTMLCommon { max-width: 46em; }
      .jp-RenderedHTMLCommon table { font-size: inherit; }
      .jp-OutputArea-output img, .jp-OutputArea-output svg { zoom: ${options.letters / 14}; max-width: 62%; }`;
    document.head.append(css);
    for (const side of ['collapseLeft', 'collapseRight']) app.shell[side]?.();
  }

  /** Save what the class may have: typed cells as they are, the others as students got them, nothing of the lecture's. */
  async function handOut() {
    const { context } = panel();
    const content = context.model.toJSON();
    delete content.metadata.nnlab.lecture;
    for (const cell of content.cells) {
      const { live: own, ...known } = cell.metadata.nnlab || {};
      if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
      if (own?.stub && (own.skipped || text([cell.source].flat().join('')) === text(own.start))) cell.source = own.stub;
      for (const key of ['slideshow', 'jupyter', 'trusted']) delete cell.metadata[key];
      if (own) cell.metadata.nnlab = known;
      if (cell.metadata.nnlab && !Object.keys(cell.metadata.nnlab).length) delete cell.metadata.nnlab;
    }
    const path = context.path.replace(/(\.lecture)?\.ipynb$/, '.catch-up.ipynb');
    await app.serviceManager.contents.save(path, { type: 'notebook', format: 'json', content });
    tell(`Saved for the class: ${path}`);
  }

  // --- the notes window ---------------------------------------------------------------------------------------------------------

  const STYLE = `body { font: 20px/1.5 system-ui, sans-serif; margin: 1rem; background: #fff; color: #222; }
    @media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #eee; } .next, h2 { color: #b5b5b5; } }
    h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: .9rem; margin: 1.2rem 0 .2rem; color: #555; font-weight: 600; }
    .clock { display: flex; gap: 2rem; font-variant-numeric: tabular-nums; font-size: 1.5rem; margin: .6rem 0; }
    .over { color: #d55e00; font-weight: 700; } .say { font-size: 1.5rem; } .next { color: #555; }
    button { font: inherit; margin-right: .5rem; } li { margin: .3rem 0; }`;

  const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

  class Notes {
    window = null;
    began = 0; // when the lecture began, and its present section
    sectionBegan = 0;
    section = -1;

    open() {
      this.window = window.open('', `${ID}-notes`, 'popup,width=620,height=820');
      if (!this.window) return tell('The browser kept the notes window shut. Allow windows of this page, then try again.');
      const page = this.window.document;
      page.title = 'Lecture notes';
      page.head.replaceChildren(Object.assign(page.createElement('style'), { textContent: STYLE }));
      page.body.innerHTML = `<main aria-live="polite"><h1 id="section"></h1>
        <div class="clock"><span id="now"></span><span id="all"></span></div>
        <p><button id="start">Start</button><button id="stop">Reset</button></p>
        <h2>Say now</h2><p class="say" id="say"></p><h2>Next</h2><p class="next" id="next"></p>
        <h2 id="more-title"></h2><ul id="more"></ul></main>`;
      page.getElementById('start').onclick = () => this.start();
      page.getElementById('stop').onclick = () => { this.began = this.sectionBegan = 0; this.tick(); };
      this.window.setInterval(() => this.tick(), 500);
      this.show();
    }

    start() {
      this.began ||= Date.now();
      this.sectionBegan ||= Date.now();
      this.tick();
    }

    write(id, content) {
      const element = this.window && !this.window.closed ? this.window.document.getElementById(id) : null;
      if (element && element.textContent !== content) element.textContent = content;
      return element;
    }

    /** Show what is said now and next; without them, what the active cell says. */
    show(step, following) {
      const cell = panel()?.content?.activeCell;
      const known = live(cell);
      if (!known) return;
      if (known.section !== this.section) {
        this.section = known.section;
        this.sectionBegan = this.began && Date.now();
      }
      const at = known.steps ? place(cell) : 0;
      const now = step || (known.steps && at > 0 ? known.steps[at - 1] : null);
      const later = following || (known.steps && at >= 0 && !step ? known.steps[at] : null);
      const planned = now?.wrong ? 'Planned mistake. Run the cell and its check, then go on. ' : '';
      this.write('say', planned + (now?.say || (known.say || []).join(' ') || ''));
      this.write('next', later ? (later.wrong ? 'Planned mistake: ' : '') + later.say : known.steps ? 'Run the cell, then its check.' : '');
      const list = known.options?.map(([option, tells], at) => `${'ABCDEF'[at]}. ${option}: ${tells}`) || known.mistakes || [];
      this.write('more-title', known.options ? 'What each vote tells' : known.mistakes ? 'What students get wrong' : '');
      const more = this.write('more', '');
      more?.replaceChildren(...list.map(line => Object.assign(more.ownerDocument.createElement('li'), { textContent: line })));
      this.tick();
    }

    tick() {
      const plan = lecture();
      if (!plan) return;
      const section = plan.sections[Math.max(this.section, 0)];
      const used = from => (from ? (Date.now() - from) / 1000 : 0);
      this.write('section', section.title);
      for (const [id, from, minutes] of [['now', this.sectionBegan, section.minutes], ['all', this.began, plan.minutes]]) {
        const element = this.write(id, `${id === 'now' ? 'section' : 'lecture'} ${clock(used(from))} / ${clock(60 * minutes)}`);
        element?.classList.toggle('over', used(from) > 60 * minutes);
      }
    }
  }
  const notes = new Notes();

  // --- the plugin ---------------------------------------------------------------------------------------------------------------

  /** Return a module that JupyterLab shares with its extensions. */
  async function shared(name) {
    const [version] = Object.values(share[name]);
    return (await version.get())();
  }

  const COMMANDS = {
    next: ['Type the next step', next],
    back: ['One step back', back],
    fill: ['Fill this cell', () => (chosen() ? fill(chosen()) : forward())],
    'fill-above': ['Fill all cells above', fillAbove],
    answer: ['Unfold the next answer', answer],
    present: ['Presentation letters', present],
    notes: ['Open the notes window', () => notes.open()],
    'hand-out': ['Save a catch-up notebook for the class', handOut],
  };

  async function activate(jupyter, registry, palette) {
    app = jupyter;
    for (const [name, [label, execute]] of Object.entries(COMMANDS)) {
      const command = `${ID}:${name}`;
      const isEnabled = () => Boolean(lecture());
      app.commands.addCommand(command, { label, execute, isEnabled, isVisible: isEnabled });
      palette?.addItem({ command, category: 'Live lecture' });
    }
    const followed = new WeakSet();
    app.shell.currentChanged?.connect(() => {
      const notebook = panel()?.content;
      if (!notebook?.activeCellChanged || followed.has(notebook)) return;
      followed.add(notebook);
      notebook.activeCellChanged.connect(() => lecture() && notes.show());
    });
    const settings = await registry?.load(`${ID}:plugin`).catch(() => null);
    const read = () => Object.assign(options, settings.composite);
    settings?.changed.connect(read);
    if (settings) read();
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB[ID] = {
    init: scope => { share = scope; },
    get: async () => {
      const { ISettingRegistry } = await shared('@jupyterlab/settingregistry');
      const { ICommandPalette } = await shared('@jupyterlab/apputils');
      return () => ({ __esModule: true, default: { id: `${ID}:plugin`, autoStart: true, optional: [ISettingRegistry, ICommandPalette], activate } });
    },
  };
})();
