/**
 * 8192 x 8192: the pictures of today's phones (64 million pixels) are read. Decoding one takes 268 MB at most: formats that
 * take more of a pixel than a JPEG does are read up to fewer.
 */
export const PIXEL_LIMIT = 2 ** 26

/**
 * The most pixels of a row or a column: libvips computes some rows at a time, and a picture of one row or one column takes
 * it minutes. What a camera's panorama has is less.
 */
export const SIDE_LIMIT = 2 ** 15
