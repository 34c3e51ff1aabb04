import { unpackExplanation } from '../packed-explanation'
import { defineExplanationView, type ExplanationView } from '../view/explanation-view'

// The script of a page with an explanation. Where there is no data in the page, who carries it calls `show` on the element.
defineExplanationView()
const data = document.getElementById('data')?.textContent
if (data) {
  const { explanation, pictures, otherPictures } = JSON.parse(data)
  const view = document.querySelector<ExplanationView>('maf-explanation')
  view?.show(unpackExplanation(explanation), { pictures, otherPictures })
}
