import type { GalleryPost } from '../error-gallery'
import { defineErrorsView, type ErrorsView } from '../errors/errors-view'
import { unpackExplanation } from '../packed-explanation'
import { defineExplanationView } from '../view/explanation-view'

// The script of a page with the errors of an evaluation.
defineExplanationView()
defineErrorsView()
const { gallery, pictures } = JSON.parse(document.getElementById('data')!.textContent!)
const posts: GalleryPost[] = gallery.posts.map((post: { explanation: never }) => ({
  ...post,
  explanation: unpackExplanation(post.explanation),
}))
document.querySelector<ErrorsView>('maf-errors')!.show({ ...gallery, posts }, pictures)
