@testable import DICOM

/// Any bytes in any character set: decoding, rendering and normalising never trap, and text that was normalised once
/// stays as it is.
public func fuzzCharacterSets(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let parts = input.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2 else { return 0 }
  let set = SpecificCharacterSet(String(decoding: parts[0], as: UTF8.self))
  let bytes = Array(parts[1])
  let text = set.decode(bytes)
  let once = SearchText.normalized(text)
  precondition(SearchText.normalized(once) == once, "normalised twice it differs")
  for vr in VR.all {
    let shown = ValueText.render(
      bytes[...], vr: vr, characterSet: set, isBigEndian: bytes.count % 2 == 0, limit: 20)
    precondition(!vr.isText || shown.count <= 21, "longer than its limit")
  }
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

/// The package manager's name for `main`.
@_cdecl("fuzz_character_sets_main")
public func start(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { fuzzCharacterSets($0, $1) }
}
