/// `gcd`, `lcm`, `factorial`, `width_bucket`, and integers in other bases.
enum IntegerFunctions {
  static let all: [ScalarFunction] = [
    greatestDivisor, leastMultiple, factorial, bucket, hexadecimal, binary, fromHexadecimal,
    fromBinary, base,
  ]

  private static func divisor(_ a: Int64, _ b: Int64) -> UInt64 {
    var x = a.magnitude
    var y = b.magnitude
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  private static func wideDivisor(_ a: Int128, _ b: Int128) -> UInt128 {
    var x = a.magnitude
    var y = b.magnitude
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  private static let greatestDivisor = ScalarFunction(
    "gcd",
    aliases: ["greatest_common_divisor"],
    summary: "The greatest integer that divides two integers.",
    examples: [FunctionExample("gcd(12, 18)", "6"), FunctionExample("gcd(-4, 6)", "2")],
    overloads: [
      .fixed([.bigint, .bigint], .bigint) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Int64? in
          guard let result = Int64(exactly: divisor(a, b)) else {
            throw ExecutionError(.overflow, "gcd(\(a), \(b)) does not fit BIGINT")
          }
          return result
        }
      },
      .fixed([.hugeint, .hugeint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Int128, b: Int128) throws(ExecutionError) -> Int128? in
          guard let result = Int128(exactly: wideDivisor(a, b)) else {
            throw ExecutionError(.overflow, "gcd(\(a), \(b)) does not fit HUGEINT")
          }
          return result
        }
      },
    ]
  )

  private static let leastMultiple = ScalarFunction(
    "lcm",
    aliases: ["least_common_multiple"],
    summary: "The least positive integer that two integers divide.",
    examples: [FunctionExample("lcm(4, 6)", "12"), FunctionExample("lcm(0, 5)", "0")],
    overloads: [
      .fixed([.bigint, .bigint], .bigint) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Int64, b: Int64) throws(ExecutionError) -> Int64? in
          if a == 0 || b == 0 { return 0 }
          let (product, overflow) = (a.magnitude / divisor(a, b))
            .multipliedReportingOverflow(by: b.magnitude)
          guard !overflow, let result = Int64(exactly: product) else {
            throw ExecutionError(.overflow, "lcm(\(a), \(b)) does not fit BIGINT")
          }
          return result
        }
      },
      .fixed([.hugeint, .hugeint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMapPairs { (a: Int128, b: Int128) throws(ExecutionError) -> Int128? in
          if a == 0 || b == 0 { return 0 }
          let (product, overflow) = (a.magnitude / wideDivisor(a, b))
            .multipliedReportingOverflow(by: b.magnitude)
          guard !overflow, let result = Int128(exactly: product) else {
            throw ExecutionError(.overflow, "lcm(\(a), \(b)) does not fit HUGEINT")
          }
          return result
        }
      },
    ]
  )

  private static let factorial = ScalarFunction(
    "factorial",
    aliases: ["!"],
    summary: "The product of the integers from 1 to a number.",
    examples: [FunctionExample("factorial(5)", "120"), FunctionExample("factorial(0)", "1")],
    overloads: [
      .fixed([.bigint], .hugeint) { (input) throws(ExecutionError) in
        try input.tryMap { (value: Int64) throws(ExecutionError) -> Int128? in
          guard value >= 0, value <= 33 else {
            throw ExecutionError(
              value < 0 ? .invalidArgument : .overflow,
              "factorial takes 0 to 33, not \(value)"
            )
          }
          return (0..<value).reduce(Int128(1)) { $0 * (Int128($1) + 1) }
        }
      }
    ]
  )

  private static let bucket = ScalarFunction(
    "width_bucket",
    summary: "The number of the bucket, of so many equal ones between two bounds, of a number.",
    examples: [
      FunctionExample("width_bucket(5, 0, 10, 5)", "3"),
      FunctionExample("width_bucket(-1, 0, 10, 5)", "0"),
      FunctionExample("width_bucket(10, 0, 10, 5)", "6"),
    ],
    overloads: [
      .fixed([.double, .double, .double, .bigint], .bigint) { (input) throws(ExecutionError) in
        let values = input.argument(0, of: Double.self)
        let lowers = input.argument(1, of: Double.self)
        let uppers = input.argument(2, of: Double.self)
        let counts = input.argument(3, of: Int64.self)
        return try input.build { (row) throws(ExecutionError) -> Int64? in
          try number(values[row], lowers[row], uppers[row], counts[row])
        }
      }
    ]
  )

  private static func number(
    _ value: Double,
    _ lower: Double,
    _ upper: Double,
    _ count: Int64
  ) throws(ExecutionError) -> Int64 {
    guard count > 0, count < Int64(Int32.max), lower.isFinite, upper.isFinite, lower != upper,
      !value.isNaN
    else {
      throw ExecutionError(
        .invalidArgument,
        "width_bucket takes two different bounds and a count above 0"
      )
    }
    let isDescending = lower > upper
    if isDescending ? value > lower : value < lower { return 0 }
    if isDescending ? value <= upper : value >= upper { return count + 1 }
    let share = (value - lower) / (upper - lower)
    return min(Int64(Maths.floored(share * Double(count))), count - 1) + 1
  }

  // MARK: - Bases

  private static func digits<Word: FixedWidthInteger & UnsignedInteger>(
    _ value: Word,
    radix: Word,
    minimumCount: Int = 1
  ) -> [UInt8] {
    var digits: [UInt8] = []
    var rest = value
    while rest > 0 {
      digits.append(BlobText.hexadecimalDigit(UInt8(rest % radix)))
      rest /= radix
    }
    while digits.count < minimumCount { digits.append(0x30) }
    return digits.reversed()
  }

  private static let hexadecimal = ScalarFunction(
    "hex",
    aliases: ["to_hex"],
    summary: "An integer, or the bytes of a text, in hexadecimal digits.",
    examples: [FunctionExample("hex(255)", "FF"), FunctionExample("hex('abc')", "616263")],
    overloads: [
      .fixed([.bigint], .varchar) { (input) throws(ExecutionError) in
        let values = input.argument(0, of: Int64.self)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          output.append(contentsOf: digits(UInt64(bitPattern: values[row]), radix: 16))
          return true
        }
      },
      wideDigits(radix: 16),
      .fixed([.varchar], .varchar) { (input) throws(ExecutionError) in try hexadecimalBytes(input)
      },
      .fixed([.blob], .varchar) { (input) throws(ExecutionError) in try hexadecimalBytes(input) },
    ]
  )

  private static func wideDigits(radix: UInt128) -> ScalarOverload {
    .fixed([.hugeint], .varchar) { (input) throws(ExecutionError) in
      let values = input.argument(0, of: Int128.self)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        output.append(contentsOf: digits(UInt128(bitPattern: values[row]), radix: radix))
        return true
      }
    }
  }

  private static func hexadecimalBytes(_ input: KernelInput) throws(ExecutionError) -> Column {
    try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
      for i in bytes.indices {
        output.append(BlobText.hexadecimalDigit(bytes[i] >> 4))
        output.append(BlobText.hexadecimalDigit(bytes[i] & 15))
      }
      return true
    }
  }

  private static let binary = ScalarFunction(
    "bin",
    aliases: ["to_binary"],
    summary: "An integer, or the bytes of a text, in binary digits.",
    examples: [FunctionExample("bin(5)", "101"), FunctionExample("bin('a')", "01100001")],
    overloads: [
      .fixed([.bigint], .varchar) { (input) throws(ExecutionError) in
        let values = input.argument(0, of: Int64.self)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          output.append(contentsOf: digits(UInt64(bitPattern: values[row]), radix: 2))
          return true
        }
      },
      wideDigits(radix: 2),
      .fixed([.varchar], .varchar) { (input) throws(ExecutionError) in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          for i in bytes.indices {
            output.append(contentsOf: digits(UInt64(bytes[i]), radix: 2, minimumCount: 8))
          }
          return true
        }
      },
    ]
  )

  private static let fromHexadecimal = ScalarFunction(
    "unhex",
    aliases: ["from_hex"],
    summary: "The bytes that hexadecimal digits spell.",
    examples: [FunctionExample("unhex('4142')", "AB"), FunctionExample("unhex('0')", "\\x00")],
    overloads: [
      .fixed([.varchar], .blob) { (input) throws(ExecutionError) in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          var high: UInt8 = 0
          for i in bytes.indices {
            guard let digit = IntegerText.hexadecimalValue(bytes[i]) else {
              throw ExecutionError(.invalidArgument, "unhex takes hexadecimal digits only")
            }
            // An odd number of digits begins with half a byte.
            if (bytes.count - i) % 2 == 0 {
              high = digit
            } else {
              output.append(high << 4 | digit)
              high = 0
            }
          }
          return true
        }
      }
    ]
  )

  private static let fromBinary = ScalarFunction(
    "unbin",
    aliases: ["from_binary"],
    summary: "The bytes that binary digits spell.",
    examples: [
      FunctionExample("unbin('01000001')", "A"), FunctionExample("unbin('1')", "\\x01"),
    ],
    overloads: [
      .fixed([.varchar], .blob) { (input) throws(ExecutionError) in
        try input.mapTextToText { (bytes, output) throws(ExecutionError) -> Bool in
          var byte: UInt8 = 0
          for i in bytes.indices {
            guard bytes[i] == 0x30 || bytes[i] == 0x31 else {
              throw ExecutionError(.invalidArgument, "unbin takes the digits 0 and 1 only")
            }
            byte = byte << 1 | (bytes[i] & 1)
            if (bytes.count - i - 1) % 8 == 0 {
              output.append(byte)
              byte = 0
            }
          }
          return true
        }
      }
    ]
  )

  private static let base = ScalarFunction(
    "to_base",
    summary: "An integer in the digits of a base from 2 to 36, with at least so many of them.",
    examples: [
      FunctionExample("to_base(255, 16)", "FF"), FunctionExample("to_base(5, 2, 8)", "00000101"),
    ],
    overloads: [
      .fixed([.bigint, .bigint], .varchar) { (input) throws(ExecutionError) in
        try based(input, minimumCounts: nil)
      },
      .fixed([.bigint, .bigint, .bigint], .varchar) { (input) throws(ExecutionError) in
        try based(input, minimumCounts: input.argument(2))
      },
    ]
  )

  private static func based(
    _ input: KernelInput,
    minimumCounts: Argument<Int64>?
  ) throws(ExecutionError) -> Column {
    let values = input.argument(0, of: Int64.self)
    let radixes = input.argument(1, of: Int64.self)
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      let minimum = minimumCounts?[row] ?? 1
      guard values[row] >= 0, radixes[row] >= 2, radixes[row] <= 36, minimum >= 0, minimum <= 64
      else {
        throw ExecutionError(
          .invalidArgument,
          "to_base takes a number that is not negative, a base from 2 to 36 and at most 64 digits"
        )
      }
      output.append(
        contentsOf: digits(
          UInt64(values[row]),
          radix: UInt64(radixes[row]),
          minimumCount: max(1, Int(minimum))
        )
      )
      return true
    }
  }
}
