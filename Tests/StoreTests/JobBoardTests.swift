import TestSupport
import Testing

@testable import Store

/// The state machine of jobs, without anything that runs.
@Suite struct JobBoardTests {
  private static func job(_ id: String, priority: Int = 0) -> Job {
    Job(id: id, kind: .verification(deep: false), priority: priority, created: 0)
  }

  private func board(_ ids: String..., concurrent: Int = 1, history: Int = 10) -> JobBoard {
    var board = JobBoard(concurrent: concurrent, historySize: history)
    for id in ids { _ = board.submit(Self.job(id), at: 0) }
    return board
  }

  private func starts(_ actions: [JobBoard.Action]) -> [String] {
    actions.compactMap { if case .start(let id) = $0 { id } else { nil } }
  }

  private func told(_ actions: [JobBoard.Action]) -> [JobEvent.Kind] {
    actions.compactMap { if case .tell(let event) = $0, event.kind != .updated { event.kind } else { nil } }
  }

  @Test func soManyRunAtATimeAndTheHighestGoesFirst() throws {
    var board = JobBoard(concurrent: 2, historySize: 10)
    #expect(starts(board.submit(Self.job("a"), at: 0)) == ["a"])
    #expect(starts(board.submit(Self.job("b"), at: 0)) == ["b"])
    #expect(starts(board.submit(Self.job("c"), at: 0)) == [])
    #expect(starts(board.submit(Self.job("d", priority: 5), at: 0)) == [])
    #expect(starts(board.submit(Self.job("e"), at: 0)) == [])
    _ = try board.setPriority("e", 9, at: 0)
    #expect(starts(board.end("a", .done(JobOutcome(text: "")), at: 1)) == ["e"])
    #expect(starts(board.end("b", .done(JobOutcome(text: "")), at: 1)) == ["d"])
    #expect(starts(board.end("d", .failed(.badRequest, "x"), at: 1)) == ["c"])
    #expect(board.jobs["d"]?.errorDetails == "x" && board.jobs["d"]?.error == .badRequest)
  }

  private enum Request: CaseIterable { case pause, resume, cancel, resubmit }

  private func ask(_ request: Request, _ board: inout JobBoard) throws -> [JobBoard.Action] {
    switch request {
    case .pause: try board.pause("a", at: 5)
    case .resume: try board.resume("a", at: 5)
    case .cancel: try board.cancel("a", at: 5)
    case .resubmit: try board.resubmit("a", at: 5)
    }
  }

  /// A board on which job `a` is in a state, and another one takes the only place unless it runs itself.
  private func board(with state: JobState) throws -> JobBoard {
    var board = state == .pending ? board("other", "a") : board("a", "other")
    switch state {
    case .pending, .running: break
    case .success: _ = board.end("a", .done(JobOutcome(text: "")), at: 1)
    case .failure: _ = board.end("a", .failed(.badRequest, ""), at: 1)
    case .retry: _ = board.end("a", .retry(after: 100, .fullStorage, "full"), at: 1)
    case .paused:
      _ = try board.pause("a", at: 1)
      #expect(board.stop("a", nil, at: 1).0 == .rest)
    }
    #expect(board.jobs["a"]?.state == state)
    return board
  }

  /// Every state against every request, as the Orthanc Book has them. Nil: refused.
  private static let table: [JobState: [Request: JobState]] = [
    .pending: [.pause: .paused, .cancel: .failure],
    .running: [.pause: .running, .resume: .running, .cancel: .running],
    .success: [:],
    .failure: [.resubmit: .pending],
    .paused: [.pause: .paused, .resume: .pending, .cancel: .failure],
    .retry: [.pause: .paused, .cancel: .failure],
  ]

  @Test(arguments: JobState.allCases) func everyRequestInEveryState(state: JobState) throws {
    for request in Request.allCases {
      var board = try board(with: state)
      if let expected = Self.table[state]?[request] {
        _ = try ask(request, &board)
        #expect(board.jobs["a"]?.state == expected, "\(state) \(request)")
      } else {
        #expect(throws: StoreError.self, "\(state) \(request)") { try ask(request, &board) }
        #expect(board.jobs["a"]?.state == state)
      }
    }
  }

  @Test func aRunningJobStopsWhereItCan() throws {
    var board = board("a", "b")
    #expect(board.stop("a", JobProgress(done: 1, total: 4), at: 10).0 == .goOn)
    #expect(board.jobs["a"]?.progress.percent == 25 && board.jobs["a"]?.runtime(at: 10) == 10)
    _ = try board.pause("a", at: 10)
    let (verdict, actions) = board.stop("a", JobProgress(done: 2, total: 4), at: 20)
    #expect(verdict == .rest && starts(actions) == ["b"])
    #expect(board.jobs["a"]?.state == .paused && board.jobs["a"]?.runtime(at: 99) == 20)
    _ = try board.resume("a", at: 30)
    #expect(board.jobs["a"]?.state == .pending)
    let after = board.end("b", .done(JobOutcome(text: "")), at: 40)
    #expect(after.contains(.proceed("a")) && board.jobs["a"]?.progress.done == 2)
    #expect(board.jobs["a"]?.runtime(at: 45) == 25)
    _ = try board.cancel("a", at: 50)
    #expect(board.stop("a", nil, at: 50).0 == .stop(.cancelled))
    let end = board.end("a", .interrupted(.cancelled), at: 50)
    #expect(told(end) == [.failure] && board.jobs["a"]?.error == .canceledJob)
  }

  @Test func aWishToPauseCanBeTakenBack() throws {
    var board = board("a")
    _ = try board.pause("a", at: 0)
    _ = try board.resume("a", at: 0)
    #expect(board.stop("a", nil, at: 0).0 == .goOn)
    _ = try board.cancel("a", at: 0)
    _ = try board.pause("a", at: 0)
    #expect(board.stop("a", nil, at: 0).0 == .stop(.cancelled), "cancelling goes before")
  }

  @Test func whatRestsIsAbandonedWhenItIsCancelled() throws {
    var board = try board(with: .paused)
    #expect(try board.cancel("a", at: 5).contains(.abandon("a")))
    _ = try board.resubmit("a", at: 6)
    let end = board.end("other", .done(JobOutcome(text: "")), at: 7)
    #expect(starts(end) == ["a"], "from its start: nothing rests any more")
  }

  @Test func whatMayPassIsTriedAgain() {
    var board = board("a")
    _ = board.end("a", .retry(after: 10, .fullStorage, "full"), at: 5)
    #expect(board.jobs["a"]?.state == .retry && board.nextRetry == 15)
    #expect(starts(board.wake(at: 14)) == [])
    #expect(starts(board.wake(at: 15)) == ["a"])
    #expect(board.jobs["a"]?.error == .success && board.jobs["a"]?.failures == 1)
  }

  @Test func onlyTheNewestOfThoseThatAreOverAreKept() {
    var board = JobBoard(concurrent: 1, historySize: 2)
    for (time, id) in ["a", "b", "c", "d"].enumerated() {
      _ = board.submit(Self.job(id), at: Double(time))
      let actions = board.end(id, .done(JobOutcome(text: "")), at: Double(time))
      #expect(actions.contains(.forget("a")) == (id == "c"))
    }
    #expect(board.all.map(\.id) == ["c", "d"])
  }

  @Test func aRestartLosesNothing() throws {
    var board = board("a", "b", "c", concurrent: 2)
    _ = board.stop("a", JobProgress(done: 1, total: 2), at: 1)
    _ = try board.pause("c", at: 1)
    let saved = board.all
    var again = JobBoard(concurrent: 1, historySize: 10)
    #expect(starts(again.restore(saved.shuffled(), at: 100)) == ["a"])
    #expect(again.jobs["b"]?.state == .pending && again.jobs["c"]?.state == .paused)
    #expect(again.jobs["a"]?.progress.done == 0, "it starts from its beginning")
    _ = again.submit(Self.job("d"), at: 100)
    #expect(again.all.map(\.id) == ["a", "b", "c", "d"])
  }

  @Test func atTheEndOfTheProgramWhatRunsWaitsForTheNextStart() {
    var board = board("a", "b")
    _ = board.shutDown()
    #expect(board.stop("a", nil, at: 1).0 == .stop(.shutDown))
    let actions = board.end("a", .interrupted(.shutDown), at: 1)
    #expect(starts(actions) == [] && board.jobs["a"]?.state == .pending)
  }

  @Test func aVerificationThatFindsFaultsHasFailed() {
    var board = board("a")
    let outcome = JobOutcome(error: .corruptedFile, text: "2 faults", details: ["one", "two"])
    #expect(told(board.end("a", .done(outcome), at: 1)) == [.failure])
    #expect(board.jobs["a"]?.details == ["one", "two"] && board.jobs["a"]?.errorDetails == "2 faults")
  }
}
