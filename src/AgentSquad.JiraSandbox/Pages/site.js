// Follows the site: each change is announced by /events, then the parts marked data-live are fetched again and exchanged.
(() => {
  'use strict';
  const live = document.getElementById('live');

  const localTimes = (root) => {
    const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    for (const time of root.querySelectorAll('time[datetime]')) {
      const date = new Date(time.dateTime);
      if (Number.isNaN(date.getTime())) continue;
      time.title = date.toISOString();
      time.textContent = format.format(date);
    }
  };

  let busy = false;
  let again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        for (const fresh of page.querySelectorAll('[data-live]')) {
          const shown = document.querySelector(`[data-live="${fresh.dataset.live}"]`);
          localTimes(fresh);
          if (!shown || shown.innerHTML === fresh.innerHTML) continue;
          const open = [...shown.querySelectorAll('details')].map((one) => one.open);
          shown.replaceChildren(...fresh.childNodes);
          shown.querySelectorAll('details').forEach((one, index) => { one.open = open[index] ?? one.open; });
        }
      }
    } finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  };

  localTimes(document);
  const events = new EventSource('/events');
  let known = null;
  events.onmessage = (event) => {
    live.classList.add('on');
    if (known !== null && known !== event.data) refresh();
    known = event.data;
  };
  events.onerror = () => live.classList.remove('on');

  const text = document.getElementById('text');
  text?.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
  });
})();
