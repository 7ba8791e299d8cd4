import ArgumentParser

@main
struct Filmroom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filmroom",
    abstract: "A DICOM store with a terminal explorer.",
    discussion: """
      Without a command, filmroom opens the explorer and listens for DICOM at the same time: studies appear as \
      modalities send them. On a machine without a terminal, use `filmroom serve`.

      Try it:
        filmroom demo                    put some synthetic studies into the archive
        filmroom                         look at them; ? shows the keys
        filmroom import FOLDER           take in files, also from ZIP files
        filmroom export --all -o FILE    write everything into a ZIP file
        storescu -aec FILMROOM localhost 4242 FILE…

      Options of the explorer (`filmroom help explore` says more); all but the last are those of serve too:
        --config FILE                    a configuration file like Orthanc's
        --storage FOLDER                 where the archive lies
        --aet TITLE                      our AE title, FILMROOM by default
        --dicom-port PORT                the port for DICOM, 4242 by default
        --http-port PORT                 the port for HTTP, 8042 by default
        --no-mouse                       leave the mouse to the terminal
      """,
    version: Version.text,
    subcommands: [
      Explore.self, Serve.self, Import.self, Export.self, Demo.self, Verify.self, Repair.self, Recover.self,
      Backup.self,
    ],
    defaultSubcommand: Explore.self)
}

enum Version {
  static let number = "0.1.0"
  static let text = "filmroom " + number
}

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Orthanc's JSON configuration file (comments allowed), or a folder of such files.",
      discussion: "Without it: filmroom/filmroom.json in the XDG configuration folder, if it is there.",
      valueName: "file"))
  var config: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The storage folder, made when missing.",
      discussion: "Without it: StorageDirectory, else filmroom/storage in the XDG data folder.",
      valueName: "folder"))
  var storage: String?
}

/// Options of the commands that listen.
struct ListenerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Our DICOM AE title (DicomAet). Default: FILMROOM.", valueName: "title"))
  var aet: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The port for DICOM (DicomPort). Default: 4242.", valueName: "port"))
  var dicomPort: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The port for HTTP (HttpPort). Default: 8042.", valueName: "port"))
  var httpPort: Int?

  func validate() throws {
    for (name, port) in [("--dicom-port", dicomPort), ("--http-port", httpPort)] {
      if let port, !(0...65535).contains(port) {
        throw ValidationError("\(name) is \(port): allowed is a whole number from 0 to 65535")
      }
    }
  }
}
