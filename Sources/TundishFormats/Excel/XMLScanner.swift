internal import CExpat

/// What a reader of XML is told, in the order of the document.
protocol XMLReceiver: AnyObject {
  /// An element begins; names come without their prefix.
  func begin(_ name: XMLName, _ attributes: XMLAttributes)
  /// An element ends.
  func end(_ name: XMLName)
  /// Some text; the text of one element may come in several pieces.
  func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// Reads XML with expat.
///
/// Document types, and with them entities that grow, are refused.
enum XMLScanner {
  /// What the handlers share.
  ///
  /// The parser is freed after the last call that uses it.
  @safe private final class State {
    let receiver: any XMLReceiver
    var depth = 0
    var failure: String?
    var parser: XML_Parser?

    init(_ receiver: any XMLReceiver) { self.receiver = receiver }

    func stop(_ reason: String) {
      if failure == nil { failure = reason }
      if let parser = unsafe parser { unsafe XML_StopParser(parser, 0) }
    }
  }

  private static let maximumDepth = 64

  /// A document that is read piece by piece.
  @safe private final class Document {
    private let parser: XML_Parser
    private let state: State
    private let part: String

    init(part: String, into receiver: any XMLReceiver) throws(FormatError) {
      guard let parser = unsafe XML_ParserCreate(nil) else {
        throw .workbook("'\(part)' cannot be read")
      }
      unsafe self.parser = parser
      self.part = part
      state = State(receiver)
      unsafe state.parser = parser
      // The state lives as long as the parser: both belong to this object.
      unsafe XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
      unsafe XMLScanner.setHandlers(parser)
    }

    deinit { unsafe XML_ParserFree(parser) }

    func read(_ bytes: Span<UInt8>, isLast: Bool) throws(FormatError) {
      // expat reads `count` bytes from the start of the piece.
      let status = unsafe bytes.withUnsafeBufferPointer { piece in
        unsafe piece.withMemoryRebound(to: CChar.self) {
          unsafe XML_Parse(parser, $0.baseAddress, Int32(bytes.count), isLast ? 1 : 0)
        }
      }
      if let failure = state.failure { throw .workbook("'\(part)' in the workbook \(failure)") }
      guard status == XML_STATUS_OK else {
        let line = unsafe XML_GetCurrentLineNumber(parser)
        throw .workbook("'\(part)' in the workbook is not well-formed XML (line \(line))")
      }
    }
  }

  /// Reads a document; `part` names it in errors.
  static func scan(
    _ bytes: [UInt8],
    part: String,
    into receiver: any XMLReceiver
  ) throws(FormatError) {
    try Document(part: part, into: receiver).read(bytes.span, isLast: true)
  }

  /// Reads an entry of an archive while it is unpacked; false where there is none of that name.
  ///
  /// The progress is told how many of its bytes are done.
  static func scan(
    _ part: String,
    of archive: ZipArchive,
    into receiver: any XMLReceiver,
    progress: ReadingProgress?
  ) throws(FormatError) -> Bool {
    let document = try Document(part: part, into: receiver)
    progress?.begin(totalByteCount: archive.byteCount(of: part))
    var offset = 0
    let isThere = try archive.readPieces(of: part, progress) { piece throws(FormatError) in
      try document.read(piece, isLast: false)
      offset += piece.count
      try progress?.advance(byteCount: offset, rowCount: 0)
    }
    if isThere { try document.read(Span(), isLast: true) }
    return isThere
  }

  private static func setHandlers(_ parser: XML_Parser) {
    unsafe XML_SetElementHandler(
      parser,
      { data, name, attributes in
        guard let state = unsafe XMLScanner.state(data), let name = unsafe name else { return }
        state.depth += 1
        if state.depth > XMLScanner.maximumDepth { state.stop("is nested too deeply") }
        unsafe state.receiver.begin(
          XMLName(unsafe: name),
          XMLAttributes(unsafe: attributes)
        )
      },
      { data, name in
        guard let state = unsafe XMLScanner.state(data), let name = unsafe name else { return }
        state.depth -= 1
        state.receiver.end(unsafe XMLName(unsafe: name))
      }
    )
    unsafe XML_SetCharacterDataHandler(parser) { data, text, count in
      guard let state = unsafe XMLScanner.state(data), let text = unsafe text else { return }
      // expat gives `count` bytes of UTF-8 that live until this call returns.
      unsafe text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
        unsafe state.receiver.text(UnsafeBufferPointer(start: $0, count: Int(count)))
      }
    }
    unsafe XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
      if let state = unsafe XMLScanner.state(data) { state.stop("has a document type") }
    }
  }

  private static func state(_ data: UnsafeMutableRawPointer?) -> State? {
    // The pointer is the one that `Document` gave, to an object that lives as long as the parser.
    unsafe data.map { unsafe Unmanaged<State>.fromOpaque($0).takeUnretainedValue() }
  }
}
