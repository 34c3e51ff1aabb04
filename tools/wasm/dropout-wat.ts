const ROUNDS = 10

/** Bytes of the low halves of four 64-bit numbers in two vectors, and of their high halves. */
const LOW_HALVES = '0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27'
const HIGH_HALVES = '4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31'

/** One round in four blocks at once: vector `c0` holds word 0 of each of them. */
const ROUND = `
      (local.set $a (i64x2.extmul_low_i32x4_u (local.get $c0) (local.get $m0)))
      (local.set $b (i64x2.extmul_high_i32x4_u (local.get $c0) (local.get $m0)))
      (local.set $c (i64x2.extmul_low_i32x4_u (local.get $c2) (local.get $m2)))
      (local.set $d (i64x2.extmul_high_i32x4_u (local.get $c2) (local.get $m2)))
      (local.set $c0 (v128.xor
        (v128.xor (i8x16.shuffle ${HIGH_HALVES} (local.get $c) (local.get $d)) (local.get $c1))
        (local.get $k0)))
      (local.set $c1 (i8x16.shuffle ${LOW_HALVES} (local.get $c) (local.get $d)))
      (local.set $c2 (v128.xor
        (v128.xor (i8x16.shuffle ${HIGH_HALVES} (local.get $a) (local.get $b)) (local.get $c3))
        (local.get $k1)))
      (local.set $c3 (i8x16.shuffle ${LOW_HALVES} (local.get $a) (local.get $b)))`

const NEXT_KEY = `
      (local.set $k0 (i32x4.add (local.get $k0) (local.get $w0)))
      (local.set $k1 (i32x4.add (local.get $k1) (local.get $w1)))`

/** The eight masks of one vector of words: each word's low half draws first. */
const masks = (word: string, offset: number): string => `
      (local.set $a (i16x8.ge_u (local.get ${word}) (local.get $least)))
      (v128.store offset=${offset} (local.get $at)
        (v128.and (i32x4.extend_low_i16x8_s (local.get $a)) (local.get $value)))
      (v128.store offset=${offset + 16} (local.get $at)
        (v128.and (i32x4.extend_high_i16x8_s (local.get $a)) (local.get $value)))`

const four = (word: string): string => `(v128.const i32x4 ${word} ${word} ${word} ${word})`

/**
 * Draws dropout masks into a page of memory of its own: `fill` writes up to address `end`, a multiple of 128, `kept`
 * where a draw of 16 bits is at least `threshold`, else 0. Words `block`, `site`, `step` and `seedHigh` are the counter,
 * `seed` and `key` the key of Philox 4x32 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *
 * Its rounds stand here one after another, since a loop over them costs a tenth of the speed.
 */
export const dropoutWat = `(module
  (memory (export "memory") 1 1)
  (func (export "fill")
    (param $end i32) (param $block i32) (param $site i32) (param $step i32) (param $seedHigh i32)
    (param $seed i32) (param $key i32) (param $threshold i32) (param $kept f32)
    (local $at i32)
    (local $m0 v128) (local $m2 v128) (local $w0 v128) (local $w1 v128) (local $least v128) (local $value v128)
    (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128) (local $k0 v128) (local $k1 v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $m0 ${four('0xd2511f53')})
    (local.set $m2 ${four('0xcd9e8d57')})
    (local.set $w0 ${four('0x9e3779b9')})
    (local.set $w1 ${four('0xbb67ae85')})
    (local.set $least (i16x8.splat (local.get $threshold)))
    (local.set $value (f32x4.splat (local.get $kept)))
    (loop $next
      (local.set $c0 (i32x4.add (i32x4.splat (local.get $block)) (v128.const i32x4 0 1 2 3)))
      (local.set $c1 (i32x4.splat (local.get $site)))
      (local.set $c2 (i32x4.splat (local.get $step)))
      (local.set $c3 (i32x4.splat (local.get $seedHigh)))
      (local.set $k0 (i32x4.splat (local.get $seed)))
      (local.set $k1 (i32x4.splat (local.get $key)))
      ${Array<string>(ROUNDS).fill(ROUND).join(NEXT_KEY)}
      ${masks('$c0', 0)} ${masks('$c1', 32)} ${masks('$c2', 64)} ${masks('$c3', 96)}
      (local.set $block (i32.add (local.get $block) (i32.const 4)))
      (local.set $at (i32.add (local.get $at) (i32.const 128)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))))
`
