import { element } from './element'

/** Where a picture is dropped, pasted or chosen, and taken away. */
export interface PictureWell {
  readonly picture: File | null
  /** What an `<img>` shows of it; null where the browser cannot. */
  readonly source: string | null
}

const firstFile = (transfer: DataTransfer | null): File | undefined => transfer?.files[0]

/** Whether an address shows a picture in this browser. */
async function isShown(address: string): Promise<boolean> {
  const image = new Image()
  image.src = address
  return image.decode().then(
    () => true,
    () => false,
  )
}

/** Makes the well work, where the page has one. @param onChange told when another picture is there, or none any more */
export function pictureWell(onChange: () => void): PictureWell {
  let picture: File | null = null
  let source: string | null = null
  const well = document.querySelector<HTMLElement>('#well')
  const state = {
    get picture() {
      return picture
    },
    get source() {
      return source
    },
  }
  if (!well) return state
  const input = element<HTMLInputElement>('#picture')
  const shown = element<HTMLImageElement>('#shown')
  const name = element('#name')
  const removal = element<HTMLButtonElement>('#remove')

  const take = async (next: File | null): Promise<void> => {
    if (source) URL.revokeObjectURL(source)
    const address = next && URL.createObjectURL(next)
    picture = next
    source = address
    // The same file may be chosen again after it was taken away.
    input.value = ''
    well.classList.toggle('full', next !== null)
    removal.hidden = next === null
    name.textContent = next?.name ?? ''
    shown.hidden = true
    const isSeen = address !== null && (await isShown(address))
    if (source !== address) return
    if (isSeen) {
      shown.src = address
      shown.hidden = false
    } else {
      shown.removeAttribute('src')
      source = null
    }
    if (address && !isSeen) {
      URL.revokeObjectURL(address)
      name.textContent = `${next!.name} (this browser cannot show it)`
    }
    onChange()
  }

  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file) void take(file)
  })
  removal.addEventListener('click', () => {
    void take(null)
    input.focus()
  })
  document.addEventListener('paste', event => {
    const file = firstFile(event.clipboardData)
    if (!file) return
    event.preventDefault()
    void take(file)
  })
  // Wherever on the page it falls: beside the well, a browser would leave the page and open the file.
  let depth = 0
  const over = (by: number): void => {
    depth = Math.max(0, depth + by)
    well.classList.toggle('over', depth > 0)
  }
  document.addEventListener('dragenter', () => over(1))
  document.addEventListener('dragleave', () => over(-1))
  document.addEventListener('dragover', event => event.preventDefault())
  document.addEventListener('drop', event => {
    event.preventDefault()
    over(-depth)
    const file = firstFile(event.dataTransfer)
    if (file) void take(file)
  })
  return state
}
