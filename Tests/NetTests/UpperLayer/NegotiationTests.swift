import DICOM
import Testing

@testable import Net

private let verification: UID = "1.2.840.10008.1.1"
private let implicit: UID = "1.2.840.10008.1.2"
private let explicit: UID = "1.2.840.10008.1.2.1"

private func policy() -> AcceptorPolicy {
  AcceptorPolicy(aeTitle: "FILMROOM", supports: { $0 == verification })
}

private func request(_ contexts: [ProposedContext] = []) -> AssociateRequest {
  var request = AssociateRequest(calledAET: "FILMROOM", callingAET: "SCU")
  request.contexts = contexts
  return request
}

private func rejection(_ request: AssociateRequest, _ policy: AcceptorPolicy) -> AssociateReject? {
  if case .reject(let reject) = Negotiation.answer(request, policy: policy) { return reject }
  return nil
}

private func answers(_ request: AssociateRequest, _ policy: AcceptorPolicy) -> [ContextAnswer]? {
  if case .accept(let accept, _) = Negotiation.answer(request, policy: policy) { return accept.contexts }
  return nil
}

private func isAborted(_ request: AssociateRequest) -> Bool {
  if case .abort = Negotiation.answer(request, policy: policy()) { return true }
  return false
}

@Suite struct NegotiationTests {
  @Test func eachContextIsAnsweredByItself() {
    let request = request([
      ProposedContext(id: 1, abstractSyntax: verification, transferSyntaxes: ["1.2.3", explicit, implicit]),
      ProposedContext(id: 3, abstractSyntax: "1.2.3", transferSyntaxes: [implicit]),
      ProposedContext(id: 5, abstractSyntax: verification, transferSyntaxes: ["1.2.3"]),
      ProposedContext(id: 7, abstractSyntax: nil, transferSyntaxes: [implicit]),
      ProposedContext(id: 9, abstractSyntax: verification, transferSyntaxes: []),
      ProposedContext(id: 11, abstractSyntax: "", transferSyntaxes: [""]),
    ])
    let expected: [ContextAnswer.Result] = [
      .acceptance, .abstractSyntaxNotSupported, .transferSyntaxesNotSupported, .abstractSyntaxNotSupported,
      .transferSyntaxesNotSupported, .abstractSyntaxNotSupported,
    ]
    #expect(answers(request, policy())?.map(\.result) == expected)
    #expect(answers(request, policy())?.first?.transferSyntax == explicit)
  }

  @Test func preferredTransferSyntaxesComeFirst() {
    var policy = policy()
    policy.transferSyntaxes.preferred = ["1.2.840.10008.1.2.4.70", implicit]
    let request = request([
      ProposedContext(id: 1, abstractSyntax: verification, transferSyntaxes: [explicit, implicit])
    ])
    #expect(answers(request, policy)?.first?.transferSyntax == implicit)
  }

  @Test func patternsOfTransferSyntaxes() {
    let policy = TransferSyntaxPolicy(accepted: ["1.2.840.10008.1.2", "1.*.4.*", "9.9*9", "8.?.8"])
    #expect(policy.accepts("1.2.840.10008.1.2"))
    #expect(!policy.accepts("1.2.840.10008.1.2.1"))
    #expect(policy.accepts("1.2.840.10008.1.2.4.50"))
    #expect(policy.accepts("9.99"))
    #expect(policy.accepts("9.9.1.9"))
    #expect(!policy.accepts("9.9"))
    #expect(policy.accepts("8.1.8"))
    #expect(!policy.accepts("8.12.8"))
    #expect(!policy.accepts(""))
  }

  @Test func rejections() {
    var old = request()
    old.protocolVersion = 2
    #expect(rejection(old, policy()) == AssociateReject(result: 1, source: 2, reason: 2))
    var other = request()
    other.applicationContext = "1.2.3"
    #expect(rejection(other, policy()) == AssociateReject(result: 1, source: 1, reason: 2))
    var called = request()
    called.calledAET = "OTHER"
    #expect(rejection(called, policy()) == nil)
    var strict = policy()
    strict.checkCalledAET = true
    #expect(rejection(called, strict) == AssociateReject(result: 1, source: 1, reason: 7))
    called.calledAET = "filmroom"
    #expect(rejection(called, strict) == nil)
    strict.strictAETComparison = true
    #expect(rejection(called, strict) == AssociateReject(result: 1, source: 1, reason: 7))
    called.calledAET = ""
    #expect(rejection(called, policy()) == AssociateReject(result: 1, source: 1, reason: 7))
    for title in ["", "A\u{1B}[2J", "\u{0}"] {
      var calling = request()
      calling.callingAET = title
      #expect(rejection(calling, policy()) == AssociateReject(result: 1, source: 1, reason: 3))
    }
    var full = policy()
    full.hasRoom = false
    #expect(rejection(request(), full) == AssociateReject(result: 2, source: 3, reason: 2))
    var closed = policy()
    closed.isCallerAllowed = false
    #expect(rejection(request(), closed) == AssociateReject(result: 1, source: 1, reason: 3))
  }

  @Test func contextIdsThatBreakTheRules() {
    func context(_ id: UInt8) -> ProposedContext {
      ProposedContext(id: id, abstractSyntax: verification, transferSyntaxes: [implicit])
    }
    #expect(isAborted(request([context(0)])))
    #expect(isAborted(request([context(2)])))
    #expect(isAborted(request([context(1), context(1)])))
    #expect(!isAborted(request([context(1), context(3), context(255)])))
  }

  @Test func maximumLengthsOfThePeer() {
    for (length, aborted) in [(0, false), (1, true), (7, true), (8, false), (UInt32.max, false)] {
      var request = request()
      request.user.maximumLength = UInt32(length)
      #expect(isAborted(request) == aborted, "\(length)")
    }
  }

  @Test func userItemsInTheAnswer() throws {
    var asking = request([
      ProposedContext(id: 1, abstractSyntax: verification, transferSyntaxes: [implicit])
    ])
    asking.user.operationsWindow = OperationsWindow(invoked: 0, performed: 0)
    asking.user.roles = [
      RoleSelection(sopClass: verification, isUser: true, isProvider: true),
      RoleSelection(sopClass: "1.2.3", isUser: true, isProvider: true),
    ]
    asking.user.identity = UserIdentity(type: 1, wantsResponse: true, primary: [1], secondary: [])
    guard case .accept(let accept, let contexts) = Negotiation.answer(asking, policy: policy()) else {
      Issue.record("not accepted")
      return
    }
    #expect(contexts.map(\.id) == [1])
    #expect(accept.user.operationsWindow == OperationsWindow(invoked: 1, performed: 1))
    #expect(accept.user.roles == [RoleSelection(sopClass: verification, isUser: true, isProvider: false)])
    #expect(accept.user.identity == nil)
    #expect(accept.user.maximumLength == 16384)
    #expect(Implementation.classUID.isValid)
  }
}
