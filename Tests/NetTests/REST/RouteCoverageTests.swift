import DICOM
import Testing

@testable import Net

/// Every path and method of Orthanc is served, or listed with a reason.
struct RouteCoverageTests {
  private let table = RouteTable(Routes.all)

  private func isServed(_ method: String, _ path: String) -> Bool {
    table.routes.contains { route in
      let mine = RouteTable.components(route.pattern)
      let theirs = path.split(separator: "/")
      guard route.method.rawValue == method else { return false }
      return mine.count == theirs.count
        && zip(mine, theirs).allSatisfy { $0 == $1 || $0.hasPrefix("{") && $1.hasPrefix("{") }
    }
  }

  @Test func nothingIsLeftOutWithoutAReason() {
    let missing = OrthancPaths.all.filter {
      !isServed($0.method, $0.path) && LaterRoutes.reason($0.method, $0.path) == nil
    }
    #expect(missing.map { "\($0.method) \($0.path)" } == [])
  }

  @Test func whatIsServedNeedsNoReason() {
    let both = OrthancPaths.all.filter {
      isServed($0.method, $0.path) && LaterRoutes.reason($0.method, $0.path) != nil
    }
    #expect(both.map { "\($0.method) \($0.path)" } == [])
  }

  @Test func theDocumentHasEveryRoute() throws {
    let document = try JSONParser.parse(OpenAPIDocument.text(version: "1"))
    for route in Routes.all {
      let operation = document["paths"]?[route.pattern.replacing("...}", with: "}")]?[
        route.method.rawValue.lowercased()]
      #expect(operation?["summary"] == .text(route.summary), "\(route.pattern)")
    }
  }
}
