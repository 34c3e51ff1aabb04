;; The two loops of an optimiser. Addresses are bytes and multiples of 16, a vector of four numbers.
(module
  ;; Its owner makes it: how large it must be depends on the parameters.
  (import "owner" "memory" (memory 0))

  ;; The sum of the squares of the numbers between two addresses, as 64-bit numbers: in these no square of a 32-bit
  ;; number but 0 is 0, and none is infinite.
  (func (export "sumOfSquares") (param $from i32) (param $to i32) (result f64)
    (local $numbers v128) (local $x v128) (local $lower v128) (local $upper v128)
    (loop $next
      (local.set $numbers (v128.load (local.get $from)))
      (local.set $x (f64x2.promote_low_f32x4 (local.get $numbers)))
      (local.set $lower (f64x2.add (local.get $lower) (f64x2.mul (local.get $x) (local.get $x))))
      (local.set $x (f64x2.promote_low_f32x4
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $numbers) (local.get $numbers))))
      (local.set $upper (f64x2.add (local.get $upper) (f64x2.mul (local.get $x) (local.get $x))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $to))))
    (local.set $x (f64x2.add (local.get $lower) (local.get $upper)))
    (f64.add (f64x2.extract_lane 0 (local.get $x)) (f64x2.extract_lane 1 (local.get $x))))

  ;; Updates the values between two addresses, and their moments. A value's gradient is $distance bytes behind it, its
  ;; first moment so far behind that, and its second moment behind that again.
  (func (export "update")
    (param $from i32) (param $to i32) (param $distance i32)
    (param $scale f32) (param $rest1 f32) (param $rest2 f32) (param $rate f32) (param $epsilon f32) (param $decay f32)
    (local $gradient i32) (local $first i32) (local $second i32)
    (local $g v128) (local $m v128) (local $v v128) (local $x v128)
    (local $scales v128) (local $rests1 v128) (local $rests2 v128)
    (local $rates v128) (local $epsilons v128) (local $decays v128) (local $smallest v128)
    (local.set $scales (f32x4.splat (local.get $scale)))
    (local.set $rests1 (f32x4.splat (local.get $rest1)))
    (local.set $rests2 (f32x4.splat (local.get $rest2)))
    (local.set $rates (f32x4.splat (local.get $rate)))
    (local.set $epsilons (f32x4.splat (local.get $epsilon)))
    (local.set $decays (f32x4.splat (local.get $decay)))
    ;; The smallest normal number. A moment below it would fade for ever, and some processors are slow with such numbers.
    (local.set $smallest (v128.const f32x4 0x1p-126 0x1p-126 0x1p-126 0x1p-126))
    (local.set $gradient (i32.add (local.get $from) (local.get $distance)))
    (local.set $first (i32.add (local.get $gradient) (local.get $distance)))
    (local.set $second (i32.add (local.get $first) (local.get $distance)))
    (loop $next
      (local.set $g (f32x4.mul (local.get $scales) (v128.load (local.get $gradient))))
      (local.set $m (v128.load (local.get $first)))
      (local.set $v (v128.load (local.get $second)))
      ;; m + rest1 (g - m): with 32 bits this is closer than the sum of two products.
      (local.set $m (f32x4.add (local.get $m)
        (f32x4.mul (local.get $rests1) (f32x4.sub (local.get $g) (local.get $m)))))
      ;; v + rest2 (g g - v)
      (local.set $v (f32x4.add (local.get $v)
        (f32x4.mul (local.get $rests2) (f32x4.sub (f32x4.mul (local.get $g) (local.get $g)) (local.get $v)))))
      (local.set $m (v128.and (local.get $m) (f32x4.ge (f32x4.abs (local.get $m)) (local.get $smallest))))
      (local.set $v (v128.and (local.get $v) (f32x4.ge (local.get $v) (local.get $smallest))))
      (v128.store (local.get $first) (local.get $m))
      (v128.store (local.get $second) (local.get $v))
      ;; x - (rate m / (sqrt v + epsilon) + decay x): one rounding of x, however small the steps are.
      (local.set $x (v128.load (local.get $from)))
      (v128.store (local.get $from) (f32x4.sub (local.get $x) (f32x4.add
        (f32x4.div
          (f32x4.mul (local.get $rates) (local.get $m))
          (f32x4.add (f32x4.sqrt (local.get $v)) (local.get $epsilons)))
        (f32x4.mul (local.get $decays) (local.get $x)))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
      (local.set $first (i32.add (local.get $first) (i32.const 16)))
      (local.set $second (i32.add (local.get $second) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $to))))))
