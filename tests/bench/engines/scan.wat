;; Counts the line ends of the first $n bytes of memory ($n a multiple of 64), 64 at a time.
;; What is left of a chunk is filled with zeros by the caller. It computes nothing else: reading and
;; looking at each byte once is the least that any engine does.
(module
  (memory (export "memory") 64)
  (func (export "scan") (param $n i32) (result i32)
    (local $at i32)
    (local $ends i32)
    (local $wanted v128)
    (local.set $wanted (i8x16.splat (i32.const 10)))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.get $at) (local.get $n)))
        (local.set $ends
          (i32.add (local.get $ends)
            (i32.add
              (i32.add
                (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $wanted))))
                (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load offset=16 (local.get $at)) (local.get $wanted)))))
              (i32.add
                (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load offset=32 (local.get $at)) (local.get $wanted))))
                (i32.popcnt (i8x16.bitmask (i8x16.eq (v128.load offset=48 (local.get $at)) (local.get $wanted))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $more)))
    (local.get $ends)))
