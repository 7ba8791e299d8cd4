import DICOM

/// What a requestor proposes in one presentation context (PS3.8 §9.3.2.2).
public struct ProposedContext: Equatable, Sendable {
  /// Odd, 1 to 255.
  public var id: UInt8
  /// Nil where the peer left it out.
  public var abstractSyntax: UID?
  public var transferSyntaxes: [UID]

  public init(id: UInt8, abstractSyntax: UID?, transferSyntaxes: [UID]) {
    self.id = id
    self.abstractSyntax = abstractSyntax
    self.transferSyntaxes = transferSyntaxes
  }
}

/// The answer to one proposed context (PS3.8 §9.3.3.2).
public struct ContextAnswer: Equatable, Sendable {
  /// Result/Reason of PS3.8 Table 9-18.
  public enum Result: UInt8, Sendable {
    case acceptance = 0
    case userRejection = 1
    case noReason = 2
    case abstractSyntaxNotSupported = 3
    case transferSyntaxesNotSupported = 4
  }

  public var id: UInt8
  public var result: Result
  /// Only meaningful with `acceptance`; a refusal carries one all the same.
  public var transferSyntax: UID

  public init(id: UInt8, result: Result, transferSyntax: UID) {
    self.id = id
    self.result = result
    self.transferSyntax = transferSyntax
  }
}

/// Who plays which part for a SOP class (PS3.7 §D.3.3.4).
public struct RoleSelection: Equatable, Sendable {
  public var sopClass: UID
  public var isUser: Bool
  public var isProvider: Bool

  public init(sopClass: UID, isUser: Bool, isProvider: Bool) {
    self.sopClass = sopClass
    self.isUser = isUser
    self.isProvider = isProvider
  }
}

/// Service-class application information of one SOP class (PS3.7 §D.3.3.5).
public struct ExtendedNegotiation: Equatable, Sendable {
  public var sopClass: UID
  public var information: [UInt8]

  public init(sopClass: UID, information: [UInt8]) {
    self.sopClass = sopClass
    self.information = information
  }
}

/// Which service class a SOP class belongs to, and the general ones it is like (PS3.7 §D.3.3.6).
public struct CommonExtendedNegotiation: Equatable, Sendable {
  public var sopClass: UID
  public var serviceClass: UID
  public var relatedGeneralClasses: [UID]

  public init(sopClass: UID, serviceClass: UID, relatedGeneralClasses: [UID]) {
    self.sopClass = sopClass
    self.serviceClass = serviceClass
    self.relatedGeneralClasses = relatedGeneralClasses
  }
}

/// How a requestor says who its user is (PS3.7 §D.3.3.7). Read and ignored so far.
public struct UserIdentity: Equatable, Sendable {
  /// 1 user name, 2 with pass code, 3 Kerberos, 4 SAML, 5 JSON web token.
  public var type: UInt8
  public var wantsResponse: Bool
  public var primary: [UInt8]
  public var secondary: [UInt8]

  public init(type: UInt8, wantsResponse: Bool, primary: [UInt8], secondary: [UInt8]) {
    self.type = type
    self.wantsResponse = wantsResponse
    self.primary = primary
    self.secondary = secondary
  }
}

/// How many operations may be outstanding; 0 is any number (PS3.7 §D.3.3.3).
public struct OperationsWindow: Equatable, Sendable {
  public var invoked: UInt16
  public var performed: UInt16

  public init(invoked: UInt16, performed: UInt16) {
    self.invoked = invoked
    self.performed = performed
  }
}

/// The user information item of an A-ASSOCIATE PDU (PS3.8 §9.3.2.3, PS3.7 Annex D.3.3).
public struct UserInformation: Equatable, Sendable {
  /// Longest P-DATA-TF PDU that the sender of this takes; 0 is any.
  public var maximumLength: UInt32 = 0
  public var implementationClass: UID?
  public var implementationVersion: String?
  public var operationsWindow: OperationsWindow?
  public var roles: [RoleSelection] = []
  public var extended: [ExtendedNegotiation] = []
  public var commonExtended: [CommonExtendedNegotiation] = []
  public var identity: UserIdentity?

  public init() {}
}

/// A-ASSOCIATE-RQ (PS3.8 §9.3.2).
public struct AssociateRequest: Equatable, Sendable {
  public var protocolVersion: UInt16 = 1
  public var calledAET: String
  public var callingAET: String
  public var applicationContext: UID = Implementation.applicationContext
  public var contexts: [ProposedContext] = []
  public var user = UserInformation()

  public init(calledAET: String, callingAET: String) {
    self.calledAET = calledAET
    self.callingAET = callingAET
  }
}

/// A-ASSOCIATE-AC (PS3.8 §9.3.3).
public struct AssociateAccept: Equatable, Sendable {
  public var protocolVersion: UInt16 = 1
  /// Sent back as they came; not significant.
  public var calledAET: String
  public var callingAET: String
  public var applicationContext: UID = Implementation.applicationContext
  public var contexts: [ContextAnswer] = []
  public var user = UserInformation()

  public init(calledAET: String, callingAET: String) {
    self.calledAET = calledAET
    self.callingAET = callingAET
  }
}

/// A-ASSOCIATE-RJ (PS3.8 §9.3.4, Table 9-21).
public struct AssociateReject: Equatable, Sendable {
  /// 1 permanent, 2 transient.
  public var result: UInt8
  /// 1 service user, 2 service provider (ACSE), 3 service provider (presentation).
  public var source: UInt8
  public var reason: UInt8

  public init(result: UInt8, source: UInt8, reason: UInt8) {
    self.result = result
    self.source = source
    self.reason = reason
  }

  public static let applicationContextNotSupported = AssociateReject(result: 1, source: 1, reason: 2)
  public static let callingAETNotRecognized = AssociateReject(result: 1, source: 1, reason: 3)
  public static let calledAETNotRecognized = AssociateReject(result: 1, source: 1, reason: 7)
  public static let protocolVersionNotSupported = AssociateReject(result: 1, source: 2, reason: 2)
  public static let localLimitExceeded = AssociateReject(result: 2, source: 3, reason: 2)
}

extension AssociateReject: CustomStringConvertible {
  public var description: String {
    let why =
      switch (source, reason) {
      case (1, 2): "application context name not supported"
      case (1, 3): "calling AE title not recognized"
      case (1, 7): "called AE title not recognized"
      case (2, 2): "protocol version not supported"
      case (3, 1): "temporary congestion"
      case (3, 2): "local limit exceeded"
      default: "no reason given"
      }
    return "\(why) (result \(result), source \(source), reason \(reason))"
  }
}

/// Who we are on the wire (PS3.7 §D.3.3.2).
public enum Implementation {
  public static let classUID: UID = "2.25.43378776604993236952375459676352612814"
  public static let versionName = "FILMROOM_0_1"
  /// The only application context that DICOM defines (PS3.7 §A.2.1).
  public static let applicationContext: UID = "1.2.840.10008.3.1.1.1"
}
