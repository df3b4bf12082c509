;; Makes the bytes of a module out of the streams that `www/build/packed.ts` wrote.
;;
;; Each stream is UTF-8 in memory, and its place is what a cell of four bytes says: `$s` below is the
;; address of such a cell. It checks nothing: the build has.
;;
;;   0x000  the numbers of the short characters, one byte each
;;   0x100  the cells of the streams, in the order of `STREAMS`
(module
  (memory (export "memory") 1)

  ;; Where the next byte goes.
  (global $out (mut i32) (i32.const 0))
  ;; Where the table of symbols lies: 32 bytes each, what follows, the length, at most 16 bytes.
  (global $table (mut i32) (i32.const 0))
  ;; Where the data of the packed module begins.
  (global $base (mut i32) (i32.const 0))

  (func $byte (param $value i32)
    (i32.store8 (global.get $out) (local.get $value))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))

  (func $unsigned (param $value i32)
    (loop $more
      (if (i32.gt_u (local.get $value) (i32.const 0x7f))
        (then
          (call $byte (i32.or (local.get $value) (i32.const 0x80)))
          (local.set $value (i32.shr_u (local.get $value) (i32.const 7)))
          (br $more))))
    (call $byte (local.get $value)))

  (func $signed (param $value i32)
    (loop $more
      (if (i32.gt_u (i32.add (local.get $value) (i32.const 0x40)) (i32.const 0x7f))
        (then
          (call $byte (i32.or (i32.and (local.get $value) (i32.const 0x7f)) (i32.const 0x80)))
          (local.set $value (i32.shr_s (local.get $value) (i32.const 7)))
          (br $more))))
    (call $byte (i32.and (local.get $value) (i32.const 0x7f))))

  ;; The next character of a stream.
  (func $character (param $s i32) (result i32)
    (local $at i32)
    (local $code i32)
    (local.set $at (i32.load (local.get $s)))
    (local.set $code (i32.load8_u (local.get $at)))
    (if (i32.lt_u (local.get $code) (i32.const 0x80))
      (then
        (i32.store (local.get $s) (i32.add (local.get $at) (i32.const 1)))
        (return (local.get $code))))
    (if (i32.lt_u (local.get $code) (i32.const 0xe0))
      (then
        (i32.store (local.get $s) (i32.add (local.get $at) (i32.const 2)))
        (return
          (i32.or
            (i32.shl (i32.and (local.get $code) (i32.const 0x1f)) (i32.const 6))
            (i32.and (i32.load8_u offset=1 (local.get $at)) (i32.const 0x3f))))))
    (i32.store (local.get $s) (i32.add (local.get $at) (i32.const 3)))
    (i32.or
      (i32.or
        (i32.shl (i32.and (local.get $code) (i32.const 0x0f)) (i32.const 12))
        (i32.shl (i32.and (i32.load8_u offset=1 (local.get $at)) (i32.const 0x3f)) (i32.const 6)))
      (i32.and (i32.load8_u offset=2 (local.get $at)) (i32.const 0x3f))))

  ;; The next number that is one character. Two characters that end a line are left out.
  (func $short (param $s i32) (result i32)
    (local $code i32)
    (local.set $code (call $character (local.get $s)))
    (if (i32.lt_u (local.get $code) (i32.const 0xa1))
      (then (return (i32.load8_u (local.get $code)))))
    (i32.sub
      (i32.sub (local.get $code) (i32.const 49))
      (i32.shl (i32.ge_u (local.get $code) (i32.const 0x2028)) (i32.const 1))))

  (func $number (param $s i32) (result i32)
    (local $number i32)
    (local.set $number (call $short (local.get $s)))
    (if (i32.ne (local.get $number) (i32.const 0xcfff))
      (then (return (local.get $number))))
    (i32.add
      (i32.shl (call $short (local.get $s)) (i32.const 15))
      (call $short (local.get $s))))

  ;; The next byte of a stream of bytes.
  (func $plain (param $s i32) (result i32)
    (local $code i32)
    (local.set $code (call $character (local.get $s)))
    (if (i32.eq (local.get $code) (i32.const 0x7f))
      (then (return (i32.const 0))))
    (i32.and (local.get $code) (i32.const 0xff)))

  ;; All bytes of a stream.
  (func $all (param $s i32)
    (loop $more
      (if (i32.ne (i32.load8_u (i32.load (local.get $s))) (i32.const 1))
        (then
          (call $byte (call $plain (local.get $s)))
          (br $more)))))

  ;; A place among the data.
  (func $address (result i32)
    (i32.add
      (i32.add (global.get $base) (i32.shl (call $number (i32.const 0x11c)) (i32.const 7)))
      (call $number (i32.const 0x11c))))

  ;; What stands behind an instruction.
  (func $follow (param $follows i32)
    (local $n i32)
    (if (i32.lt_u (local.get $follows) (i32.const 32))
      (then
        (loop $raw
          (if (local.get $follows)
            (then
              (call $byte (call $plain (i32.const 0x130)))
              (local.set $follows (i32.sub (local.get $follows) (i32.const 1)))
              (br $raw))))
        (return)))
    (block $leb
      (block $signedAddress
        (block $small
          (block $table
            (block $branch
              (block $call
                (block $address
                  (block $offset
                    (block $local
                      (br_table $local $offset $address $call $branch $table $small $signedAddress $leb
                        (i32.sub (local.get $follows) (i32.const 32))))
                    (return (call $unsigned (call $number (i32.const 0x114)))))
                  (return (call $unsigned (call $number (i32.const 0x118)))))
                (return (call $unsigned (call $address))))
              (return (call $unsigned (call $number (i32.const 0x120)))))
            (return (call $unsigned (call $number (i32.const 0x124)))))
          (local.set $n (call $number (i32.const 0x124)))
          (call $unsigned (local.get $n))
          (loop $target
            (call $unsigned (call $number (i32.const 0x124)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $target (i32.ge_s (local.get $n) (i32.const 0))))
          (return))
        (return (call $signed (i32.sub (call $number (i32.const 0x128)) (i32.const 20)))))
      (return (call $signed (call $address))))
    (loop $more
      (local.set $n (call $plain (i32.const 0x12c)))
      (call $byte (local.get $n))
      (br_if $more (i32.ge_u (local.get $n) (i32.const 0x80)))))

  ;; A piece that was written from $from on gets its length before it.
  (func $measured (param $from i32)
    (local $length i32)
    (local.set $length (i32.sub (global.get $out) (local.get $from)))
    (global.set $out (i32.sub (local.get $from) (i32.const 5)))
    (call $unsigned (local.get $length))
    (memory.copy (global.get $out) (local.get $from) (local.get $length))
    (global.set $out (i32.add (global.get $out) (local.get $length))))

  ;; One function, without its length.
  (func $function
    (local $n i32)
    (local $symbol i32)
    (local $opcode i32)
    (local.set $n (call $number (i32.const 0x110)))
    (call $unsigned (local.get $n))
    (loop $locals
      (if (local.get $n)
        (then
          (call $unsigned (call $number (i32.const 0x110)))
          (call $byte (call $number (i32.const 0x110)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $locals))))
    ;; $n is how many blocks are open.
    (local.set $n (i32.const 1))
    (loop $more
      (local.set $symbol
        (i32.add (global.get $table) (i32.shl (call $number (i32.const 0x10c)) (i32.const 5))))
      ;; More than it has is written over.
      (v128.store (global.get $out) (v128.load offset=2 (local.get $symbol)))
      (global.set $out (i32.add (global.get $out) (i32.load8_u offset=1 (local.get $symbol))))
      (local.set $opcode (i32.load8_u offset=2 (local.get $symbol)))
      (if (i32.load8_u (local.get $symbol))
        (then (call $follow (i32.load8_u (local.get $symbol)))))
      (if (i32.eq (local.get $opcode) (i32.const 0x0b))
        (then (local.set $n (i32.sub (local.get $n) (i32.const 1))))
        (else
          (if (i32.le_u (i32.sub (local.get $opcode) (i32.const 2)) (i32.const 2))
            (then (local.set $n (i32.add (local.get $n) (i32.const 1)))))))
      (br_if $more (local.get $n))))

  ;; Fills the table of symbols from $at on, and says where it ends.
  (func $symbols (param $at i32) (result i32)
    (local $n i32)
    (global.set $base (i32.shl (call $number (i32.const 0x108)) (i32.const 12)))
    (loop $more
      (if (i32.ne (i32.load8_u (i32.load (i32.const 0x108))) (i32.const 1))
        (then
          (global.set $out (local.get $at))
          (call $byte (call $number (i32.const 0x108)))
          (local.set $n (call $number (i32.const 0x108)))
          (call $byte (local.get $n))
          (loop $bytes
            (call $byte (call $number (i32.const 0x108)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $bytes (local.get $n)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br $more))))
    (local.get $at))

  ;; Where the module begins and ends, in the memory from $free on.
  (func (export "unpack") (param $free i32) (result i32 i32)
    (local $n i32)
    (local $code i32)
    (local $body i32)
    (global.set $table (local.get $free))
    (local.set $free (call $symbols (local.get $free)))
    (global.set $out (local.get $free))
    (call $all (i32.const 0x100))
    (call $byte (i32.const 10))
    ;; A length takes five bytes at most; what is not needed of them is closed up.
    (local.set $code (i32.add (global.get $out) (i32.const 5)))
    (global.set $out (local.get $code))
    (local.set $n (call $number (i32.const 0x110)))
    (call $unsigned (local.get $n))
    (loop $more
      (if (local.get $n)
        (then
          (local.set $body (i32.add (global.get $out) (i32.const 5)))
          (global.set $out (local.get $body))
          (call $function)
          (call $measured (local.get $body))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br $more))))
    (call $measured (local.get $code))
    (call $all (i32.const 0x104))
    (local.get $free)
    (global.get $out)))
