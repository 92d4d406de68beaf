;; The loops that turn float32 weights into codes, four values at a time. A row or group is a whole number of vectors of
;; 16 values (int8) or 32 (4 bits); quantize-loops.ts does other sizes in JavaScript and says each loop in the same
;; arithmetic. Magnitudes are compared as whole numbers, whose order is the same and where NaN and infinity are the
;; largest. Adding 1.5 * 2^23 leaves no bits for halves, so it rounds to nearest, of two to even, and the whole number is
;; then in the low bits. Addresses are in bytes. `npm run kernels` assembles this file into quantize-loops-wasm.ts.
(module
  (memory (import "swift" "memory") 1)

  ;; The largest of four whole numbers, as float32.
  (func $most (param $of v128) (result f32)
    (local.set $of
      (i32x4.max_s (local.get $of) (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $of) (local.get $of))))
    (local.set $of
      (i32x4.max_s (local.get $of) (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $of) (local.get $of))))
    (f32x4.extract_lane 0 (local.get $of)))

  ;; The largest magnitude of `vectors` times four values.
  (func $largest (param $vectors i32) (param $values i32) (result f32)
    (local $most v128)
    (loop $next
      (local.set $most (i32x4.max_s (local.get $most) (f32x4.abs (v128.load (local.get $values)))))
      (local.set $values (i32.add (local.get $values) (i32.const 16)))
      (local.set $vectors (i32.sub (local.get $vectors) (i32.const 1)))
      (br_if $next (local.get $vectors)))
    (call $most (local.get $most)))

  ;; Rows of int8 codes, and the largest magnitude of each row.
  (func (export "int8")
    (param $rows i32) (param $columns i32) (param $values i32) (param $codes i32) (param $largest i32)
    (param $code f32)         ;; the largest
    (param $tiny f32)
    (local $left i32) (local $most f32) (local $inverse v128) (local $whole v128)
    (local.set $whole (f32x4.splat (f32.const 0x1.8p23)))
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $most (call $largest (i32.shr_u (local.get $columns) (i32.const 2)) (local.get $values)))
        (f32.store (local.get $largest) (local.get $most))
        (local.set $inverse
          (f32x4.splat
            (select
              (f32.div (local.get $code) (local.get $most))
              (f32.const 0)
              (f32.gt (local.get $most) (local.get $tiny)))))
        (local.set $left (local.get $columns))
        (loop $next
          (v128.store
            (local.get $codes)
            (i8x16.narrow_i16x8_s
              (i16x8.narrow_i32x4_s
                (i32x4.sub
                  (f32x4.add
                    (f32x4.mul (v128.load (local.get $values)) (local.get $inverse))
                    (local.get $whole))
                  (local.get $whole))
                (i32x4.sub
                  (f32x4.add
                    (f32x4.mul (v128.load offset=16 (local.get $values)) (local.get $inverse))
                    (local.get $whole))
                  (local.get $whole)))
              (i16x8.narrow_i32x4_s
                (i32x4.sub
                  (f32x4.add
                    (f32x4.mul (v128.load offset=32 (local.get $values)) (local.get $inverse))
                    (local.get $whole))
                  (local.get $whole))
                (i32x4.sub
                  (f32x4.add
                    (f32x4.mul (v128.load offset=48 (local.get $values)) (local.get $inverse))
                    (local.get $whole))
                  (local.get $whole)))))
          (local.set $values (i32.add (local.get $values) (i32.const 64)))
          (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
          (local.set $left (i32.sub (local.get $left) (i32.const 16)))
          (br_if $next (local.get $left)))
        (local.set $largest (i32.add (local.get $largest) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; 16 codes, one a byte: half up, 8 more than the signed code. One of 16 becomes 15.
  (func $codes4 (param $values i32) (param $inverse v128) (result v128)
    (local $whole v128) (local $half v128)
    (local.set $whole (f32x4.splat (f32.const 0x1.8p23)))
    (local.set $half (f32x4.splat (f32.const 8.5)))
    (i8x16.min_u
      (i8x16.splat (i32.const 15))
      (i8x16.narrow_i16x8_u
        (i16x8.narrow_i32x4_s
          (i32x4.sub
            (f32x4.add
              (f32x4.floor
                (f32x4.add
                  (f32x4.mul (v128.load (local.get $values)) (local.get $inverse))
                  (local.get $half)))
              (local.get $whole))
            (local.get $whole))
          (i32x4.sub
            (f32x4.add
              (f32x4.floor
                (f32x4.add
                  (f32x4.mul (v128.load offset=16 (local.get $values)) (local.get $inverse))
                  (local.get $half)))
              (local.get $whole))
            (local.get $whole)))
        (i16x8.narrow_i32x4_s
          (i32x4.sub
            (f32x4.add
              (f32x4.floor
                (f32x4.add
                  (f32x4.mul (v128.load offset=32 (local.get $values)) (local.get $inverse))
                  (local.get $half)))
              (local.get $whole))
            (local.get $whole))
          (i32x4.sub
            (f32x4.add
              (f32x4.floor
                (f32x4.add
                  (f32x4.mul (v128.load offset=48 (local.get $values)) (local.get $inverse))
                  (local.get $half)))
              (local.get $whole))
            (local.get $whole))))))

  ;; Pairs of 4-bit codes, one a byte, in the low byte of each 16 bits; the even one in the low half.
  (func $evenLow (param $codes v128) (result v128)
    (v128.and
      (v128.or (local.get $codes) (i16x8.shr_u (local.get $codes) (i32.const 4)))
      (i16x8.splat (i32.const 255))))

  ;; The same with the even one in the high half.
  (func $evenHigh (param $codes v128) (result v128)
    (v128.and
      (v128.or
        (i16x8.shl (local.get $codes) (i32.const 4))
        (i16x8.shr_u (local.get $codes) (i32.const 8)))
      (i16x8.splat (i32.const 255))))

  ;; Groups of int4 codes, and the value of largest size in each group. Negative floats are negative whole numbers.
  (func (export "int4")
    (param $groups i32) (param $size i32) (param $values i32) (param $codes i32) (param $extremes i32)
    (param $tiny f32)
    (local $at i32) (local $end i32) (local $x v128) (local $high v128) (local $low v128)
    (local $most f32) (local $least f32) (local $first f32) (local $inverse v128)
    (block $done
      (loop $group
        (br_if $done (i32.eqz (local.get $groups)))
        (local.set $at (local.get $values))
        (local.set $end (i32.add (local.get $values) (i32.shl (local.get $size) (i32.const 2))))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (local.set $low (local.get $high))
        (loop $scan
          (local.set $x (v128.load (local.get $at)))
          (local.set $high (i32x4.max_s (local.get $high) (local.get $x)))
          (local.set $low (i32x4.max_s (local.get $low) (f32x4.neg (local.get $x))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $scan (i32.lt_u (local.get $at) (local.get $end))))
        (local.set $most (call $most (local.get $high)))
        (local.set $least (call $most (local.get $low)))
        (if (f32.eq (local.get $most) (local.get $least))
          (then
            ;; Of two of one size, the first.
            (local.set $at (local.get $values))
            (loop $seek
              (local.set $first (f32.load (local.get $at)))
              (local.set $at (i32.add (local.get $at) (i32.const 4)))
              (br_if $seek (f32.lt (f32.abs (local.get $first)) (local.get $most))))
            (local.set $most (local.get $first)))
          (else
            (local.set $most
              (select
                (local.get $most)
                (f32.neg (local.get $least))
                (i32.gt_s (i32.reinterpret_f32 (local.get $most)) (i32.reinterpret_f32 (local.get $least)))))))
        (f32.store (local.get $extremes) (local.get $most))
        (local.set $inverse
          (f32x4.splat
            (select
              (f32.div (f32.const -8) (local.get $most))
              (f32.const 0)
              (f32.gt (f32.abs (local.get $most)) (local.get $tiny)))))
        (loop $next
          (v128.store
            (local.get $codes)
            (i8x16.narrow_i16x8_u
              (call $evenLow (call $codes4 (local.get $values) (local.get $inverse)))
              (call $evenLow
                (call $codes4 (i32.add (local.get $values) (i32.const 64)) (local.get $inverse)))))
          (local.set $values (i32.add (local.get $values) (i32.const 128)))
          (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $values) (local.get $end))))
        (local.set $extremes (i32.add (local.get $extremes) (i32.const 4)))
        (local.set $groups (i32.sub (local.get $groups) (i32.const 1)))
        (br $group))))

  ;; How many of 15 borders lie below each of 16 values, one count a byte.
  (func $below (param $values i32) (param $inverse v128) (param $borders i32) (result v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $border v128) (local $end i32)
    (local $na v128) (local $nb v128) (local $nc v128) (local $nd v128)
    (local.set $a (f32x4.mul (v128.load (local.get $values)) (local.get $inverse)))
    (local.set $b (f32x4.mul (v128.load offset=16 (local.get $values)) (local.get $inverse)))
    (local.set $c (f32x4.mul (v128.load offset=32 (local.get $values)) (local.get $inverse)))
    (local.set $d (f32x4.mul (v128.load offset=48 (local.get $values)) (local.get $inverse)))
    (local.set $end (i32.add (local.get $borders) (i32.const 60)))
    (loop $next
      (local.set $border (v128.load32_splat (local.get $borders)))
      ;; What is true is -1 in every lane.
      (local.set $na (i32x4.sub (local.get $na) (f32x4.gt (local.get $a) (local.get $border))))
      (local.set $nb (i32x4.sub (local.get $nb) (f32x4.gt (local.get $b) (local.get $border))))
      (local.set $nc (i32x4.sub (local.get $nc) (f32x4.gt (local.get $c) (local.get $border))))
      (local.set $nd (i32x4.sub (local.get $nd) (f32x4.gt (local.get $d) (local.get $border))))
      (local.set $borders (i32.add (local.get $borders) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $borders) (local.get $end))))
    (i8x16.narrow_i16x8_u
      (i16x8.narrow_i32x4_s (local.get $na) (local.get $nb))
      (i16x8.narrow_i32x4_s (local.get $nc) (local.get $nd))))

  ;; Groups of codes by borders between them, and the largest magnitude of each group, by which values are divided.
  (func (export "byBorders")
    (param $groups i32) (param $size i32) (param $values i32) (param $codes i32) (param $largest i32)
    (param $borders i32)
    (param $tiny f32)
    (local $end i32) (local $most f32) (local $inverse v128)
    (block $done
      (loop $group
        (br_if $done (i32.eqz (local.get $groups)))
        (local.set $end (i32.add (local.get $values) (i32.shl (local.get $size) (i32.const 2))))
        (local.set $most (call $largest (i32.shr_u (local.get $size) (i32.const 2)) (local.get $values)))
        (f32.store (local.get $largest) (local.get $most))
        (local.set $inverse
          (f32x4.splat
            (select
              (f32.div (f32.const 1) (local.get $most))
              (f32.const 0)
              (f32.gt (local.get $most) (local.get $tiny)))))
        (loop $next
          (v128.store
            (local.get $codes)
            (i8x16.narrow_i16x8_u
              (call $evenHigh (call $below (local.get $values) (local.get $inverse) (local.get $borders)))
              (call $evenHigh
                (call $below
                  (i32.add (local.get $values) (i32.const 64))
                  (local.get $inverse)
                  (local.get $borders)))))
          (local.set $values (i32.add (local.get $values) (i32.const 128)))
          (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $values) (local.get $end))))
        (local.set $largest (i32.add (local.get $largest) (i32.const 4)))
        (local.set $groups (i32.sub (local.get $groups) (i32.const 1)))
        (br $group)))))
