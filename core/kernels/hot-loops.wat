;; The loops over every trained value, four float32 at a time. Counts are whole vectors; what is left of an array is
;; done in JavaScript (hot-loops.ts), which says each loop in the same arithmetic. Addresses are in bytes.
;; `npm run kernels` assembles this file into hot-loops-wasm.ts.
(module
  (memory (import "swift" "memory") 1)

  ;; One step of AdamW, as torch computes it in float32.
  (func (export "adamw")
    (param $vectors i32)
    (param $data i32) (param $grad i32) (param $exp_avg i32) (param $exp_avg_sq i32)
    (param $keep f32)         ;; 1 - learning rate * weight decay
    (param $weight1 f32)      ;; 1 - beta1
    (param $beta2 f32)
    (param $weight2 f32)      ;; 1 - beta2
    (param $rate f32)         ;; learning rate / (1 - beta1 ^ step)
    (param $correction f32)   ;; sqrt(1 - beta2 ^ step)
    (param $epsilon f32)
    (local $g v128) (local $m v128) (local $v v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $vectors)))
        (local.set $g (v128.load (local.get $grad)))
        (local.set $m (v128.load (local.get $exp_avg)))
        ;; m += (1 - beta1) * (g - m)
        (local.set $m
          (f32x4.add
            (local.get $m)
            (f32x4.mul (f32x4.splat (local.get $weight1)) (f32x4.sub (local.get $g) (local.get $m)))))
        ;; v = v * beta2 + (1 - beta2) * g * g
        (local.set $v
          (f32x4.add
            (f32x4.mul (v128.load (local.get $exp_avg_sq)) (f32x4.splat (local.get $beta2)))
            (f32x4.mul (f32x4.mul (f32x4.splat (local.get $weight2)) (local.get $g)) (local.get $g))))
        (v128.store (local.get $exp_avg) (local.get $m))
        (v128.store (local.get $exp_avg_sq) (local.get $v))
        ;; data = data * keep - rate * m / (sqrt(v) / correction + epsilon)
        (v128.store
          (local.get $data)
          (f32x4.sub
            (f32x4.mul (v128.load (local.get $data)) (f32x4.splat (local.get $keep)))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $m))
              (f32x4.add
                (f32x4.div (f32x4.sqrt (local.get $v)) (f32x4.splat (local.get $correction)))
                (f32x4.splat (local.get $epsilon))))))
        (local.set $data (i32.add (local.get $data) (i32.const 16)))
        (local.set $grad (i32.add (local.get $grad) (i32.const 16)))
        (local.set $exp_avg (i32.add (local.get $exp_avg) (i32.const 16)))
        (local.set $exp_avg_sq (i32.add (local.get $exp_avg_sq) (i32.const 16)))
        (local.set $vectors (i32.sub (local.get $vectors) (i32.const 1)))
        (br $next))))

  ;; sum += values
  (func (export "accumulate") (param $vectors i32) (param $sum i32) (param $values i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $vectors)))
        (v128.store
          (local.get $sum)
          (f32x4.add (v128.load (local.get $sum)) (v128.load (local.get $values))))
        (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $vectors (i32.sub (local.get $vectors) (i32.const 1)))
        (br $next))))

  ;; values *= factor
  (func (export "scale") (param $vectors i32) (param $values i32) (param $factor f32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $vectors)))
        (v128.store
          (local.get $values)
          (f32x4.mul (v128.load (local.get $values)) (f32x4.splat (local.get $factor))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $vectors (i32.sub (local.get $vectors) (i32.const 1)))
        (br $next))))

  ;; Four sums in float64, one per lane, added as (0 + 1) + (2 + 3).
  (func (export "sumOfSquares") (param $vectors i32) (param $values i32) (result f64)
    (local $x v128) (local $low v128) (local $high v128) (local $sum01 v128) (local $sum23 v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $vectors)))
        (local.set $x (v128.load (local.get $values)))
        (local.set $low (f64x2.promote_low_f32x4 (local.get $x)))
        (local.set $high
          (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $x) (local.get $x))))
        (local.set $sum01 (f64x2.add (local.get $sum01) (f64x2.mul (local.get $low) (local.get $low))))
        (local.set $sum23 (f64x2.add (local.get $sum23) (f64x2.mul (local.get $high) (local.get $high))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $vectors (i32.sub (local.get $vectors) (i32.const 1)))
        (br $next)))
    (f64.add
      (f64.add (f64x2.extract_lane 0 (local.get $sum01)) (f64x2.extract_lane 1 (local.get $sum01)))
      (f64.add (f64x2.extract_lane 0 (local.get $sum23)) (f64x2.extract_lane 1 (local.get $sum23))))))
