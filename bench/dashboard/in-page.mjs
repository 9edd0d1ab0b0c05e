// Runs inside the page: measures from what a person does to what the screen shows for it, by the page's own clock.

const firstRows = 10

/** The last event of each kind that a person caused. */
const lastAt = {}
for (const kind of ['input', 'click']) {
  window.addEventListener(
    kind,
    (event) => {
      lastAt[kind] = event.timeStamp
    },
    true,
  )
}

function idsOnScreen() {
  const links = [...document.querySelectorAll('tbody a[href*="/customers/"]')]
  return [...new Set(links.map((link) => link.getAttribute('href').split(/[/?#]/).at(-1)))]
}

/** What is wanted on the screen: the first rows of a list, or a customer's page with what happened to them. */
const shows = {
  rows: (ids) => {
    const seen = idsOnScreen()
    const first = ids.slice(0, firstRows)
    return (
      (ids.length >= firstRows || seen.length === ids.length) &&
      first.every((id, place) => seen[place] === id)
    )
  },
  customer: ({ name, email }) =>
    document.querySelector('h1')?.textContent.includes(name) &&
    document.body.textContent.includes(email) &&
    document.querySelector('[aria-label="Timeline"][aria-busy="false"] li') !== null,
}

/** Resolves with the time after the frame that shows it was painted. */
function painted(kind, wanted) {
  return new Promise((resolve) => {
    const look = () => {
      if (!shows[kind](wanted)) return requestAnimationFrame(look)
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now())
      requestAnimationFrame(() => port2.postMessage(undefined))
    }
    requestAnimationFrame(look)
  })
}

function note(name, start, end) {
  performance.measure(name, { start, end })
  return end - start
}

let waiting

globalThis.commetBench = {
  idsOnScreen,
  /** Begins to look for what an event of this kind will bring; `result` answers the milliseconds. */
  watch: (name, event, kind, wanted) => {
    if (shows[kind](wanted)) throw new Error(`${name}: what is waited for is on the screen already`)
    waiting = painted(kind, wanted).then((end) => note(name, lastAt[event], end))
  },
  result: () => waiting,
  back: (name, kind, wanted) => {
    const start = performance.now()
    const end = painted(kind, wanted)
    history.back()
    return end.then((at) => note(name, start, at))
  },
  shown: (kind, wanted) => painted(kind, wanted),
}
