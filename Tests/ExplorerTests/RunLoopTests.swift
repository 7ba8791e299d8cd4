import DICOM
import Foundation
import Store
import Synchronization
import Testing

@testable import Explorer

/// The real loop with its own thread, a scripted terminal and a scripted archive. One at a time: there is one
/// terminal's thread in a process.
@Suite(.serialized) struct RunLoopTests {
  /// How it ended, as told by a job that comes after the loop: such jobs must not wait for ever.
  private final class Ended: Sendable {
    struct Outcome: Equatable {
      var exit: ExplorerExit
      var isStopped: Bool
      var isAbandoned: Bool
    }
    private let value = Mutex<Outcome?>(nil)
    func set(_ outcome: Outcome) { value.withLock { $0 = outcome } }

    /// Waits at most ten seconds.
    func outcome() async -> Outcome? {
      for _ in 0..<1000 {
        if let outcome = value.withLock({ $0 }) { return outcome }
        try? await Task.sleep(for: .milliseconds(10))
      }
      return nil
    }
  }

  private struct Stage: Sendable {
    let archive: ScriptedArchive
    let session: ExplorerSession
    let terminal: ScriptedTerminal
    let ended: Ended

    func type(_ keys: [Key]) async {
      await perform {
        terminal.typed = keys.map { .key($0) }
        session.readInput()
      }
    }

    @UI func perform(_ action: @UI () -> Void) { action() }

    /// Waits for something to be so, at most ten seconds.
    func wait(_ isSo: @Sendable @UI () -> Bool) async -> Bool {
      for _ in 0..<1000 {
        if await isSo() { return true }
        try? await Task.sleep(for: .milliseconds(10))
      }
      return false
    }
  }

  private func start() async -> Stage {
    let archive = ScriptedArchive()
    Synthetic.fill(archive, studies: 30, now: Story.now)
    let services = ExplorerServices(archive: archive, status: FixedStatus(), log: FixedLog())
    let ended = Ended()
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        UIExecutor.shared.adoptCurrentThread()
        let (session, terminal) = UI.assumeIsolated {
          let terminal = ScriptedTerminal(Size(100, 30))
          return (ExplorerSession(services: services, terminal: terminal, clock: { Story.now }), terminal)
        }
        continuation.resume(
          returning: Stage(archive: archive, session: session, terminal: terminal, ended: ended))
        let exit = Explorer.loop(session, input: -1, signals: -1)
        Task { @UI in
          ended.set(.init(exit: exit, isStopped: terminal.isStopped, isAbandoned: terminal.isAbandoned))
        }
      }
    }
  }

  @Test func showsWhatArrivesAndQuits() async {
    let stage = await start()
    let terminal = stage.terminal
    #expect(await stage.wait { terminal.drawn.last?.text.contains("30 studies") == true })
    stage.archive.arrive([
      Synthetic.study(
        900, of: Synthetic.people[2], kind: ("CT", "Fresh"), date: "20250101", received: Story.now)
    ])
    #expect(await stage.wait { terminal.drawn.last?.text.contains("+  MÜLLER, ANNA") == true })
    await stage.type([.character("p")])
    #expect(await stage.wait { terminal.drawn.last?.text.contains("is protected") == true })
    await stage.type([.character("q")])
    #expect(await stage.ended.outcome() == .init(exit: .quit, isStopped: true, isAbandoned: false))
  }

  @Test func nothingIsPaintedWhenNothingHappens() async {
    let stage = await start()
    let terminal = stage.terminal
    #expect(await stage.wait { terminal.drawn.last?.text.contains("30 studies") == true })
    // Woken up again and again without news.
    let before = await terminal.drawn.count
    for _ in 0..<50 { await stage.perform { stage.session.checkClock() } }
    #expect(await terminal.drawn.count == before)
    // And until the next minute nobody has to look at the clock.
    #expect(await stage.session.patience == 60_000)
    // Many keys at once are one painting.
    await stage.type(Array(repeating: .character("j"), count: 20))
    #expect(await stage.wait { stage.session.state.list?.cursor == 20 })
    #expect(await terminal.drawn.count <= before + 2)
    await stage.type([.character("q")])
    #expect(await stage.ended.outcome()?.exit == .quit)
  }

  /// Rows that were read again go, also when the screen shows the same as before.
  @Test func rowsThatOthersReplaceAreNotKept() async {
    let stage = await start()
    let terminal = stage.terminal
    #expect(await stage.wait { terminal.drawn.last?.text.contains("30 studies") == true })
    for _ in 0..<5 {
      await stage.type([.character("r")])
      #expect(await stage.wait { stage.session.state.list?.pending == nil })
      #expect(await stage.wait { stage.session.retired.isEmpty })
    }
    await stage.type([.character("q")])
    #expect(await stage.ended.outcome()?.exit == .quit)
  }

  @Test func aLostTerminalEndsTheExplorerOnly() async {
    let stage = await start()
    let terminal = stage.terminal
    await stage.perform {
      terminal.typed = [.lost]
      stage.session.readInput()
    }
    #expect(await stage.ended.outcome() == .init(exit: .terminalLost, isStopped: false, isAbandoned: true))
  }
}
