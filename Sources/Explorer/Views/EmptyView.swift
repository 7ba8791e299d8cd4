/// What an archive without anything in it shows: how to begin.
enum EmptyView {
  static func draw(_ state: ExplorerState, in part: Rectangle, on grid: inout Grid) {
    let service = state.service
    let what = state.tab == .patients ? "patients" : "studies"
    var y = part.y + max(1, part.height / 5)
    let x = part.x + 3
    func line(_ name: String, _ text: String, key: String? = nil) {
      grid.put(name, x: x + 2, y: y, width: 19, Style(.faint))
      var textX = x + 22
      if let key {
        textX += grid.put("press ", x: textX, y: y)
        textX += grid.put(key, x: textX, y: y, Style(.key))
      }
      grid.put(text, x: textX, y: y, width: part.maxX - textX - 1)
      y += 1
    }
    if let port = service.dicomPort {
      grid.put(
        "No \(what) yet. Filmroom listens on port \(port) as \(service.aeTitle).", x: x, y: y, Style(.title))
      y += 2
      line("from a modality", "AE title \(service.aeTitle), host \(host(service)), port \(port)")
      line("from this machine", "storescu -aec \(service.aeTitle) localhost \(port) FILE…")
    } else {
      grid.put("No \(what) yet, and the DICOM listener is off.", x: x, y: y, Style(.title))
      y += 2
      if let note = service.note { line("why", note) }
    }
    if let http = service.http { line("from a script", HTTPServerText.full(http, of: service)) }
    if state.capabilities.canImport {
      line("from a folder", ", or: filmroom import FOLDER", key: "i")
    }
    if state.capabilities.canMakeDemo {
      line("to try it out", ": synthetic studies; D again deletes them", key: "D")
    }
  }

  private static func host(_ service: ServiceStatus) -> String {
    let addresses = service.addresses.prefix(3).joined(separator: ", ")
    if service.hostName.isEmpty { return addresses.isEmpty ? "of this machine" : addresses }
    return addresses.isEmpty ? service.hostName : "\(service.hostName) (\(addresses))"
  }
}
