import { quoted, type Wrong } from './data-error'

/** What is wrong with a picture name that could leave the images folder, which a data file from elsewhere must not be able to. */
export function wrongPictureName(picture: string): Wrong | undefined {
  const bad =
    picture === ''
      ? 'an empty name'
      : picture.includes('\0')
        ? 'a NUL character'
        : picture.includes('\\')
          ? 'a backslash'
          : /^[a-z][a-z0-9+.-]*:\/\//i.test(picture)
            ? 'a web address'
            : picture.startsWith('/') || /^[a-z]:/i.test(picture)
              ? 'an absolute path'
              : picture.split('/').includes('..')
                ? 'a step out of the folder (..)'
                : undefined
  return bad === undefined
    ? undefined
    : {
        rule: 'must name a picture inside the images folder',
        received: `${quoted(picture)}, ${bad}`,
        fix: 'Name the picture by its path relative to the images folder, with / between folders.',
      }
}

/** How posts name their pictures. */
export interface PictureNaming {
  /** What the name of one is, as errors call it. */
  name: string
  /** And those of several. */
  names: string
  fix: string
  /** What is wrong with a name. */
  wrong(picture: string): Wrong | undefined
}

/** Pictures by their paths in the images folder. */
export const PICTURE_PATHS: PictureNaming = {
  name: 'a path',
  names: 'paths',
  fix: 'Write its path in the images folder.',
  wrong: wrongPictureName,
}
