/// Something that is measured: it prepares its data once, runs several times, and checks its answer.
struct Benchmark: Sendable {
  /// The name that the command line selects by: `<area>.<what>`.
  let name: String
  /// The number of values or rows of a timed run; times are quoted per each of these.
  var valueCount = 1_000_000
  /// The number of values that suffices to check the answer and to count instructions.
  var fewValues = 20_000
  /// Prepares the work on so many values.
  let prepare: @Sendable (Setting) throws -> Work

  /// The most instructions that a value may take on one thread; nil where none is set.
  var instructionBudget: Double? { InstructionBudgets.byName[name] }
}

/// What is measured once the data is there.
struct Work {
  /// Tells, outside of the measured time, whether an answer is right.
  typealias Check = () throws -> Bool

  /// The bytes that one run reads or writes; nil where that says nothing.
  let byteCount: Int?
  /// The work itself.
  let run: () throws -> Check
  /// The same work by an obvious loop over single values; nil where there is none.
  let loop: (() throws -> Check)?

  /// Work that is right where it gives the same as an obvious loop.
  ///
  /// - Parameters:
  ///   - byteCount: The bytes of one run.
  ///   - run: The work.
  ///   - loop: The same by an obvious loop, timed beside it; it also tells the answer.
  ///   - reading: What an answer is in the loop's terms.
  /// - Throws: What the loop throws.
  init<Made, Plain: Equatable>(
    byteCount: Int?,
    run: @escaping () throws -> Made,
    loop: @escaping () throws -> Plain,
    reading: @escaping (Made) throws -> Plain
  ) throws {
    let expected = try loop()
    self.byteCount = byteCount
    self.run = {
      let made = try run()
      return { try reading(made) == expected }
    }
    self.loop = {
      let made = try loop()
      return { made == expected }
    }
  }

  /// Work whose answer is known without doing it; a loop beside it may give something else.
  init<Made, Plain>(
    byteCount: Int?,
    run: @escaping () throws -> Made,
    loop: (() throws -> Plain)?,
    isRight: @escaping (Made) throws -> Bool
  ) {
    self.byteCount = byteCount
    self.run = {
      let made = try run()
      return { try isRight(made) }
    }
    self.loop = loop.map { loop in
      {
        let made = try loop()
        return { withExtendedLifetime(made) { true } }
      }
    }
  }

  /// Work whose answer is known without doing it.
  init<Made>(
    byteCount: Int?,
    run: @escaping () throws -> Made,
    isRight: @escaping (Made) throws -> Bool
  ) {
    let none: (() -> Bool)? = nil
    self.init(byteCount: byteCount, run: run, loop: none, isRight: isRight)
  }
}
