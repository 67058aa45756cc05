import TundishColumns

/// Carries a task's cancellation to the query that it waits for.
struct TaskCancellation: Sendable {
  let flag = CancellationFlag()
}
