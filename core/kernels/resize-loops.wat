;; The loops that make samples of a picture's bytes by weights of 2^22, two taps at a time. A weight is split into 2048 times its
;; upper part and its lower 11 bits, so that both fit the 16 bits of `i32x4.dot_i16x8_s`; their sums meet again at the end, and
;; nothing is lost. The weights of a pair lie in 8 bytes: upper parts of both, then lower ones. The last pair of an odd number has
;; weights of zero for its second tap, which is read and does not count. A row may write up to 16 bytes behind its end, where the
;; next one begins, which is written after it. Addresses and strides are in bytes. resize-plain.ts says each loop in JavaScript;
;; `npm run kernels` assembles this file into resize-loops-wasm.ts.
(module
  (memory (import "swift" "memory") 1)

  ;; Sums of upper and lower parts to whole values.
  (func $whole (param $upper v128) (param $lower v128) (result v128)
    (i32x4.shr_s (i32x4.add (i32x4.shl (local.get $upper) (i32.const 11)) (local.get $lower)) (i32.const 22)))

  ;; Each new column of each row, of old pixels that lie side by side.
  (func (export "across")
    (param $rows i32) (param $columns i32)
    (param $from i32) (param $stride i32)     ;; old rows
    (param $to i32)
    (param $places i32)                       ;; of each column: its first byte in a row, how many pairs
    (param $weights i32) (param $room i32)    ;; of each column
    (local $column i32) (local $place i32) (local $own i32) (local $weight i32) (local $at i32) (local $pairs i32)
    (local $upper v128) (local $lower v128) (local $pair v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $column (local.get $columns))
        (local.set $place (local.get $places))
        (local.set $own (local.get $weights))
        (loop $next
          (local.set $at (i32.add (local.get $from) (i32.load (local.get $place))))
          (local.set $pairs (i32.load offset=4 (local.get $place)))
          (local.set $weight (local.get $own))
          (local.set $upper (v128.const i32x4 0 0 0 0))
          (local.set $lower (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
          (loop $tap
            (local.set $pair
              (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
                (v128.load64_zero (local.get $at))
                (v128.const i32x4 0 0 0 0)))
            (local.set $upper
              (i32x4.add
                (local.get $upper)
                (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat (local.get $weight)))))
            (local.set $lower
              (i32x4.add
                (local.get $lower)
                (i32x4.dot_i16x8_s (local.get $pair) (v128.load32_splat offset=4 (local.get $weight)))))
            (local.set $at (i32.add (local.get $at) (i32.const 6)))
            (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
            (local.set $pairs (i32.sub (local.get $pairs) (i32.const 1)))
            (br_if $tap (local.get $pairs)))
          (local.set $pair (call $whole (local.get $upper) (local.get $lower)))
          (local.set $pair (i16x8.narrow_i32x4_s (local.get $pair) (local.get $pair)))
          (v128.store32_lane 0 (local.get $to) (i8x16.narrow_i16x8_u (local.get $pair) (local.get $pair)))
          (local.set $to (i32.add (local.get $to) (i32.const 3)))
          (local.set $place (i32.add (local.get $place) (i32.const 8)))
          (local.set $own (i32.add (local.get $own) (local.get $room)))
          (local.set $column (i32.sub (local.get $column) (i32.const 1)))
          (br_if $next (local.get $column)))
        (local.set $from (i32.add (local.get $from) (local.get $stride)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; Each new row, of old rows that lie one below the other, 16 bytes at a time.
  (func (export "down")
    (param $rows i32)
    (param $from i32) (param $stride i32)     ;; rows, old and new
    (param $to i32)
    (param $places i32)                       ;; of each new row: where its first old one lies behind `from`, how many pairs
    (param $weights i32) (param $room i32)    ;; of each new row
    (local $x i32) (local $at i32) (local $pairs i32) (local $weight i32) (local $first v128) (local $second v128)
    (local $upper v128) (local $lower v128)   ;; weights
    (local $low v128) (local $high v128)      ;; bytes of both rows in turn
    (local $four v128)
    (local $upper0 v128) (local $upper1 v128) (local $upper2 v128) (local $upper3 v128)
    (local $lower0 v128) (local $lower1 v128) (local $lower2 v128) (local $lower3 v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $x (i32.const 0))
        (loop $next
          (local.set $at
            (i32.add (i32.add (local.get $from) (i32.load (local.get $places))) (local.get $x)))
          (local.set $pairs (i32.load offset=4 (local.get $places)))
          (local.set $weight (local.get $weights))
          (local.set $upper0 (v128.const i32x4 0 0 0 0))
          (local.set $upper1 (local.get $upper0))
          (local.set $upper2 (local.get $upper0))
          (local.set $upper3 (local.get $upper0))
          (local.set $lower0 (v128.const i32x4 0x200000 0x200000 0x200000 0x200000))
          (local.set $lower1 (local.get $lower0))
          (local.set $lower2 (local.get $lower0))
          (local.set $lower3 (local.get $lower0))
          (loop $tap
            (local.set $first (v128.load (local.get $at)))
            (local.set $second (v128.load (i32.add (local.get $at) (local.get $stride))))
            (local.set $upper (v128.load32_splat (local.get $weight)))
            (local.set $lower (v128.load32_splat offset=4 (local.get $weight)))
            (local.set $at (i32.add (local.get $at) (i32.shl (local.get $stride) (i32.const 1))))
            (local.set $weight (i32.add (local.get $weight) (i32.const 8)))
            (local.set $low
              (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $first) (local.get $second)))
            (local.set $high
              (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $first) (local.get $second)))
            (local.set $four (i16x8.extend_low_i8x16_u (local.get $low)))
            (local.set $upper0
              (i32x4.add (local.get $upper0) (i32x4.dot_i16x8_s (local.get $four) (local.get $upper))))
            (local.set $lower0
              (i32x4.add (local.get $lower0) (i32x4.dot_i16x8_s (local.get $four) (local.get $lower))))
            (local.set $four (i16x8.extend_high_i8x16_u (local.get $low)))
            (local.set $upper1
              (i32x4.add (local.get $upper1) (i32x4.dot_i16x8_s (local.get $four) (local.get $upper))))
            (local.set $lower1
              (i32x4.add (local.get $lower1) (i32x4.dot_i16x8_s (local.get $four) (local.get $lower))))
            (local.set $four (i16x8.extend_low_i8x16_u (local.get $high)))
            (local.set $upper2
              (i32x4.add (local.get $upper2) (i32x4.dot_i16x8_s (local.get $four) (local.get $upper))))
            (local.set $lower2
              (i32x4.add (local.get $lower2) (i32x4.dot_i16x8_s (local.get $four) (local.get $lower))))
            (local.set $four (i16x8.extend_high_i8x16_u (local.get $high)))
            (local.set $upper3
              (i32x4.add (local.get $upper3) (i32x4.dot_i16x8_s (local.get $four) (local.get $upper))))
            (local.set $lower3
              (i32x4.add (local.get $lower3) (i32x4.dot_i16x8_s (local.get $four) (local.get $lower))))
            (local.set $pairs (i32.sub (local.get $pairs) (i32.const 1)))
            (br_if $tap (local.get $pairs)))
          (v128.store
            (i32.add (local.get $to) (local.get $x))
            (i8x16.narrow_i16x8_u
              (i16x8.narrow_i32x4_s
                (call $whole (local.get $upper0) (local.get $lower0))
                (call $whole (local.get $upper1) (local.get $lower1)))
              (i16x8.narrow_i32x4_s
                (call $whole (local.get $upper2) (local.get $lower2))
                (call $whole (local.get $upper3) (local.get $lower3)))))
          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $x) (local.get $stride))))
        (local.set $to (i32.add (local.get $to) (local.get $stride)))
        (local.set $places (i32.add (local.get $places) (i32.const 8)))
        (local.set $weights (i32.add (local.get $weights) (local.get $room)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))
)
