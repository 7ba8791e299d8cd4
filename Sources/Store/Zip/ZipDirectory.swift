/// Finds and checks the central directory of a ZIP archive.
struct ZipDirectory {
  private let file: OpenFile
  private let path: String
  private let limits: ZipLimits

  init(_ file: OpenFile, path: String, limits: ZipLimits) {
    self.file = file
    self.path = path
    self.limits = limits
  }

  /// Where the directory lies, and what it says of itself.
  private struct Place {
    var offset: Int
    var size: Int
    var count: Int
    /// Where what describes it begins: it must end there.
    var end: Int
  }

  func entries() throws(StoreError) -> [ZipEntry] {
    let place = try place()
    // Something may stand in front of the archive (a program that extracts it); offsets are counted behind that.
    let shift = place.end - place.size - place.offset
    guard place.size >= 0, place.offset >= 0, shift >= 0 else { throw damaged("its directory is cut off") }
    if place.size > limits.directoryBytes {
      throw damaged("its directory has \(place.size) bytes; at most \(limits.directoryBytes) are read")
    }
    let start = place.offset + shift
    var cursor = ZipCursor(try file.read(at: start, count: place.size))
    var entries: [ZipEntry] = []
    while cursor.left > 0 {
      guard let entry = entry(&cursor, shift: shift) else { throw damaged("its directory is damaged") }
      entries.append(entry)
    }
    guard entries.count == place.count else {
      throw damaged("its directory has \(entries.count) entries instead of \(place.count)")
    }
    entries.sort { $0.offset < $1.offset }
    try checkOverlaps(&entries, end: start)
    try checkInflation(entries)
    return entries
  }

  // MARK: Where it is

  private func place() throws(StoreError) -> Place {
    // A comment of up to 64 kB may stand at the very end.
    let length = min(file.size, ZipFormat.endSize + Int(UInt16.max))
    let start = file.size - length
    let tail = try file.read(at: start, count: length)
    var position = tail.count - ZipFormat.endSize
    while position >= 0 {
      if let place = end(tail, at: position, start: start) { return try place64(place) ?? place }
      position -= 1
    }
    throw damaged("it has no central directory; perhaps it is cut off")
  }

  private func end(_ tail: [UInt8], at position: Int, start: Int) -> Place? {
    guard tail[position] == 0x50, tail[position + 1] == 0x4B else { return nil }
    var cursor = ZipCursor(tail, at: position)
    guard cursor.take32() == ZipFormat.end, cursor.skip(6), let count = cursor.take16(),
      let size = cursor.take32(), let offset = cursor.take32(), let comment = cursor.take16(),
      Int(comment) == cursor.left
    else { return nil }
    return Place(offset: Int(offset), size: Int(size), count: Int(count), end: start + position)
  }

  /// The ZIP64 form of it, where there is one.
  private func place64(_ place: Place) throws(StoreError) -> Place? {
    let isFull =
      place.count == ZipFormat.elsewhere16 || place.size == ZipFormat.elsewhere32
      || place.offset == ZipFormat.elsewhere32
    let locatorStart = place.end - ZipFormat.locator64Size
    guard isFull, locatorStart >= 0 else { return nil }
    var locator = ZipCursor(try file.read(at: locatorStart, count: ZipFormat.locator64Size))
    // Just so many entries, or bytes.
    guard locator.take32() == ZipFormat.locator64, locator.skip(4), let told = locator.take64() else {
      return nil
    }
    // Where something stands in front of the archive the offset is too low; the record lies right before its locator.
    for start in [told, locatorStart - ZipFormat.end64Size] where start >= 0 && start < locatorStart {
      var cursor = ZipCursor(try file.read(at: start, count: ZipFormat.end64Size))
      guard cursor.take32() == ZipFormat.end64, cursor.skip(28), let count = cursor.take64(),
        let size = cursor.take64(), let offset = cursor.take64()
      else { continue }
      return Place(offset: offset, size: size, count: count, end: start)
    }
    throw damaged("its ZIP64 directory is missing")
  }

  // MARK: What it says

  private func entry(_ cursor: inout ZipCursor, shift: Int) -> ZipEntry? {
    guard cursor.take32() == ZipFormat.centralHeader, cursor.skip(4), let flags = cursor.take16(),
      let method = cursor.take16(), cursor.skip(4), let checksum = cursor.take32(),
      let compressedSize = cursor.take32(), let size = cursor.take32(), let nameLength = cursor.take16(),
      let extraLength = cursor.take16(), let commentLength = cursor.take16(), cursor.skip(8),
      let offset = cursor.take32(), let name = cursor.take(Int(nameLength)),
      let extra = cursor.take(Int(extraLength)), cursor.skip(Int(commentLength))
    else { return nil }
    var fields = [Int(size), Int(compressedSize), Int(offset)]
    if fields.contains(Int(ZipFormat.elsewhere32)) {
      guard let large = Self.fields64(Array(extra), fields) else { return nil }
      fields = large
    }
    guard fields[2] <= file.size - shift else { return nil }
    return ZipEntry(
      name: String(decoding: name, as: UTF8.self), size: fields[0], compressedSize: fields[1],
      checksum: checksum, method: method, flags: flags, offset: fields[2] + shift, limit: 0,
      nameLength: Int(nameLength))
  }

  /// The values of fields that are full, which stand in the extra field in this order. A field may be just so large.
  private static func fields64(_ extra: [UInt8], _ fields: [Int]) -> [Int]? {
    var cursor = ZipCursor(extra)
    while let id = cursor.take16(), let length = cursor.take16() {
      guard let content = cursor.take(Int(length)) else { return nil }
      guard id == ZipFormat.extra64 else { continue }
      var values = ZipCursor(Array(content))
      var result = fields
      for index in fields.indices where fields[index] == Int(ZipFormat.elsewhere32) {
        guard let value = values.take64() else { return nil }
        result[index] = value
      }
      return result
    }
    return fields
  }

  /// Entries that share bytes are how small archives inflate to petabytes.
  private func checkOverlaps(_ entries: inout [ZipEntry], end: Int) throws(StoreError) {
    for index in entries.indices {
      let entry = entries[index]
      entries[index].limit = index + 1 < entries.count ? entries[index + 1].offset : end
      let start = entry.offset + ZipFormat.localHeaderSize + entry.nameLength
      guard entry.compressedSize <= entries[index].limit - start else {
        throw damaged("its entry \(entry.name) overlaps what follows")
      }
    }
  }

  private func checkInflation(_ entries: [ZipEntry]) throws(StoreError) {
    let (most, isHuge) = file.size.multipliedReportingOverflow(by: limits.inflationRatio)
    let limit = isHuge ? Int.max : max(most, limits.inflationAllowance)
    var total = 0
    for entry in entries {
      let (sum, overflows) = total.addingReportingOverflow(entry.size)
      if overflows || sum > limit {
        throw damaged(
          "it would inflate to more than \(limit) bytes, \(limits.inflationRatio) times its size: unpack it by hand if "
            + "you trust it")
      }
      total = sum
    }
  }

  private func damaged(_ why: String) -> StoreError {
    StoreError(.cannotUnderstand, "\(path) is no ZIP archive that can be read: \(why)")
  }
}
