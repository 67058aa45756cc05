internal import TundishColumns

/// The pieces of a kernel's work, on the threads of a run.
struct RunPieces: PieceRunner {
  let run: QueryRun

  func results<Result>(
    count: Int,
    of piece: (Int) -> Result
  ) throws(ExecutionError) -> [Result] {
    do {
      return try WorkerPool.map(
        count: count,
        threadCount: run.context.threadCount,
        run: run
      ) { number throws(RuntimeFailure) in piece(number) }
    } catch {
      throw error.error
    }
  }
}
