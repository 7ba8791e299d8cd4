/// Written by GoldenTests with FILMROOM_UPDATE=1.
let goldenScreens: [String: String] = [
  "studies-120x40": #"""
   Studies                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION        SER   INST │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest w… researc…    3     12 │
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone sc… research    3     95 │ CT  Chest with contrast
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and pelv…    3    178 │ 2024-12-27 09:14 · A1000
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa            3    261 │
     ROSSI, MARIA LUISA      IT-9001  2024-12-23  US     Abdomen              3    344 │ 3 series · 12 instances
     Βασιλείου, Ελένη        GR-12    2024-12-22  MR     Brain                3    427 │ 6 MB (compressed 2.1×)
     NGUYỄN, KIM             X-10003  2024-12-21  CT     Chest w… research    3    510 │ arriving · received 1 min ago
     NGUYỄN, KIM             X-10003  2024-12-20  NM     Bone sc… researc…    3     12 │ 2024-03-02 10:58:30
     NOVÁK, LEE              X-10004  2024-12-19  CT     Abdomen and pelv…    3     95 │ from CT_SCANNER_1
     NOVÁK, LEE              X-10004  2024-12-18  CR     Thorax pa            3    178 │
     DUBOIS, ALEX            X-10005  2024-12-17  US     Abdomen              3    261 │ LABELS
     DUBOIS, ALEX            X-10005  2024-12-16  MR     Brain research       3    344 │ research  urgent
                                                                                       │
                                                                                       │ TAGS
                                                                                       │ Institution  Hospital of the Hol
                                                                                       │              y Test
                                                                                       │ Study UID    2.25.0
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
   12 studies · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "studies-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION    SER   INST
  ────────────────────────────────────────────────────────────────────────────────
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest… resea…    3     12
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone … resea…    3     95
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and …    3    178
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa        3    261
     ROSSI, MARIA LUISA      IT-9001  2024-12-23  US     Abdomen          3    344
     Βασιλείου, Ελένη        GR-12    2024-12-22  MR     Brain            3    427
     NGUYỄN, KIM             X-10003  2024-12-21  CT     Chest… resea…    3    510
     NGUYỄN, KIM             X-10003  2024-12-20  NM     Bone … resea…    3     12
     NOVÁK, LEE              X-10004  2024-12-19  CT     Abdomen and …    3     95
     NOVÁK, LEE              X-10004  2024-12-18  CR     Thorax pa        3    178
     DUBOIS, ALEX            X-10005  2024-12-17  US     Abdomen          3    261
     DUBOIS, ALEX            X-10005  2024-12-16  MR     Brain resear…    3    344







   12 studies · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  ? help
  """#,
  "studies-120-no-pane": #"""
   Studies                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION     SER   INST  LABELS        ACCESSION    RECEIVED
  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest with co…    3     12  research  u…  A1000        1 min ago
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone scan         3     95  research      A1001        1 h ago
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and p…    3    178                A1002        2 h ago
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa         3    261                A1003        3 h ago
     ROSSI, MARIA LUISA      IT-9001  2024-12-23  US     Abdomen           3    344                A1004        4 h ago
     Βασιλείου, Ελένη        GR-12    2024-12-22  MR     Brain             3    427                A1005        5 h ago
     NGUYỄN, KIM             X-10003  2024-12-21  CT     Chest with co…    3    510  research      A1006        6 h ago
     NGUYỄN, KIM             X-10003  2024-12-20  NM     Bone scan         3     12  research  u…  A1007        7 h ago
     NOVÁK, LEE              X-10004  2024-12-19  CT     Abdomen and p…    3     95                A1008        8 h ago
     NOVÁK, LEE              X-10004  2024-12-18  CR     Thorax pa         3    178                A1009        9 h ago
     DUBOIS, ALEX            X-10005  2024-12-17  US     Abdomen           3    261                A1010        10 h ago
     DUBOIS, ALEX            X-10005  2024-12-16  MR     Brain             3    344  research      A1011        11 h ago







   12 studies · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "studies-ascii-80x24": #"""
   Studies              FILMROOM:4242 - http:8042 - idle - 41.2 of 200 GB - 11:00
     PATIENT                 ID       DATE v      MOD    DESCRIPTION    SER   INST
  --------------------------------------------------------------------------------
  .  DOE, JANE               P-0042   2024-12-27  CT     Chest~ resea~    3     12
   P YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone ~ resea~    3     95
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and ~    3    178
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa        3    261
     ROSSI, MARIA LUISA      IT-9001  2024-12-23  US     Abdomen          3    344
     Βασιλείου, Ελένη        GR-12    2024-12-22  MR     Brain            3    427
     NGUYỄN, KIM             X-10003  2024-12-21  CT     Chest~ resea~    3    510
     NGUYỄN, KIM             X-10003  2024-12-20  NM     Bone ~ resea~    3     12
     NOVÁK, LEE              X-10004  2024-12-19  CT     Abdomen and ~    3     95
     NOVÁK, LEE              X-10004  2024-12-18  CR     Thorax pa        3    178
     DUBOIS, ALEX            X-10005  2024-12-17  US     Abdomen          3    261
     DUBOIS, ALEX            X-10005  2024-12-16  MR     Brain resear~    3    344







   12 studies - row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  ? help
  """#,
  "pane-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────
   DOE, JANE
   P-0042 · born 1961-04-12 · F

   CT  Chest with contrast
   2024-12-27 09:14 · A1000

   3 series · 12 instances
   6 MB (compressed 2.1×)
   arriving · received 1 min ago
   2024-03-02 10:58:30
   from CT_SCANNER_1

   LABELS
   research  urgent

   TAGS
   Institution  Hospital of the Holy Test
   Study UID    2.25.0


   12 studies · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  ? help
  """#,
  "patients-120x24": #"""
   Patients                                                     FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT ▴              ID        BORN         STU     INST       SIZE  RECEIVED   │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
     DOE, JANE              P-0042    1961-04-12     2      340     180 MB  1 min ago  │
     DUBOIS, ALEX           X-10005   1915-06-15     2      340     180 MB  10 h ago   │ 2 studies · 6 series
     KIM, MINJUN 金,民俊    K-55      2001-03-17     2      340     180 MB  3 h ago    │ 340 instances
     MÜLLER, ANNA           M-33      1988-01-20     2      340     180 MB  2 h ago    │ 180 MB (compressed 2.1×)
     NGUYỄN, KIM            X-10003   1913-04-15     2      340     180 MB  6 h ago    │ stable · received 1 min ago
     NOVÁK, LEE             X-10004   1914-05-15     2      340     180 MB  8 h ago    │ 2024-03-02 10:58:30
     ROSSI, MARIA LUISA     IT-9001   1955-09-30     2      340     180 MB  4 h ago    │
   ◆ YAMADA, TARO 山田,太…  J-1007    1970-11-02     2      340     180 MB  1 h ago    │
     Βασιλείου, Ελένη       GR-12     1979-12-24     2      340     180 MB  5 h ago    │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
   9 patients · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "series-120x24": #"""
   Studies › DOE, JANE › CT Chest with contrast 2024-12-27      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
      NO ▴  MOD    BODY PART  DESCRIPTION               INST  STATE         LABELS     │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
         1  CT     CHEST      Lung 1.0                    41  stable                   │
   !     2  CT     CHEST      Soft tissue 3.0          42/60  missing                  │ CT  Chest with contrast
         3  CT     CHEST      Scout                       43  stable                   │ 2024-12-27 09:14 · A1000
                                                                                       │ series 1 Lung 1.0
                                                                                       │
                                                                                       │ 41 instances
                                                                                       │ status Unknown (none announced)
                                                                                       │ 20 MB (compressed 2.1×)
                                                                                       │ stable · received 1 min ago
                                                                                       │ 2024-03-02 10:58:30
                                                                                       │ from CT_SCANNER_1
                                                                                       │
                                                                                       │ TAGS
                                                                                       │ Station      STATION7
                                                                                       │ Body part    CHEST
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
   3 series · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "instances-120x24": #"""
   Studies › DOE, JANE › CT Chest with contrast 2024-12-27 › 1 Lung 1.0     FILMROOM:4242 · idle · 41.2 of 200 GB · 11:00
        NO ▴  POSITION                    FRAMES  TRANSFER SYNTAX       SIZE  LABELS   │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
           1  -125.0  -125.0  3.5              1  Explicit VR LE      526 kB           │
           2  -125.0  -125.0  6.5              1  Explicit VR LE      526 kB           │ CT  Chest with contrast
           3  -125.0  -125.0  9.5              1  Explicit VR LE      526 kB           │ 2024-12-27 09:14 · A1000
           4  -125.0  -125.0  12.5             1  Explicit VR LE      526 kB           │ series 1 Lung 1.0
           5  -125.0  -125.0  15.5             1  Explicit VR LE      526 kB           │ instance 1
           6  -125.0  -125.0  18.5             1  Explicit VR LE      526 kB           │
           7  -125.0  -125.0  21.5             1  Explicit VR LE      526 kB           │ Explicit VR LE
           8  -125.0  -125.0  24.5             1  Explicit VR LE      526 kB           │ 526 kB (compressed 2.1×)
           9  -125.0  -125.0  27.5             1  Explicit VR LE      526 kB           │ stable · received 1 min ago
          10  -125.0  -125.0  30.5             1  Explicit VR LE      526 kB           │ 2024-03-02 10:58:30
          11  -125.0  -125.0  33.5             1  Explicit VR LE      526 kB           │
          12  -125.0  -125.0  36.5             1  Explicit VR LE      526 kB           │ TAGS
          13  -125.0  -125.0  39.5             1  Explicit VR LE      526 kB           │ Frames       1
          14  -125.0  -125.0  42.5             1  Explicit VR LE      526 kB           │ Position     -125.0\-125.0\3.5
          15  -125.0  -125.0  45.5             1  Explicit VR LE      526 kB           │
          16  -125.0  -125.0  48.5             1  Explicit VR LE      526 kB           │ ATTACHMENTS
          17  -125.0  -125.0  51.5             1  Explicit VR LE      526 kB           │ dicom        526 kB compressed
          18  -125.0  -125.0  54.5             1  Explicit VR LE      526 kB           │
          19  -125.0  -125.0  57.5             1  Explicit VR LE      526 kB           │
   41 instances · row 1
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "tags-120x24": #"""
   Studies › DOE, JANE › CT Chest with contrast 2024-12-… › 1 Lung 1.0 › 1  FILMROOM:4242 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     (0008,0005) CS Specific Character Set                    ISO_IR 100
     (0008,0060) CS Modality                                  CT
     (0008,103e) LO Series Description                        Lung 1.0
   ▾ (0008,1140) SQ Referenced Image Sequence                 3 items
     ▾ 1  2 elements
         (0008,1150) UI Referenced SOP Class UID              1.2.840.10008.5.1.4.1.1.2
         (0008,1155) UI Referenced SOP Instance UID           2.25.1
     ▾ 2  2 elements
         (0008,1150) UI Referenced SOP Class UID              1.2.840.10008.5.1.4.1.1.2
         (0008,1155) UI Referenced SOP Instance UID           2.25.2
     ▾ 3  2 elements
         (0008,1150) UI Referenced SOP Class UID              1.2.840.10008.5.1.4.1.1.2
         (0008,1155) UI Referenced SOP Instance UID           2.25.3
     (0010,0010) PN Patient's Name                            DOE, JANE
   ▾ (0040,0275) SQ Request Attributes Sequence               1 item
     ▾ 1  1 element
         (0040,0007) LO Scheduled Procedure Step Description  CT CHEST
     (0043,0010) LO Private Creator                           GEMS_PARM_01
     (0043,1027) SH Scan Pitch Ratio [GEMS_PARM_01]           0.984:1
     (7fe0,0010) OW Pixel Data                                524,288 bytes
   16 elements
   Enter fold  / search  y copy value  x hex  e explain  [ previous instance  ] next instance  2 patients  ? help
  """#,
  "hex-80x24": #"""
   Studies › DOE, JANE › … › 1 Lung 1.0 › 1 › (7fe0,0010)…   FILMROOM:4242 · idle
  ────────────────────────────────────────────────────────────────────────────────
   00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f   ................
   00000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f   ................
   00000020  20 21 22 23 24 25 26 27  28 29 2a 2b 2c 2d 2e 2f    !"#$%&'()*+,-./
   00000030  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f   0123456789:;<=>?
   00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f   @ABCDEFGHIJKLMNO
   00000050  50 51 52 53 54 55 56 57  58 59 5a 5b 5c 5d 5e 5f   PQRSTUVWXYZ[\]^_
   00000060  60 61 62 63 64 65 66 67  68 69 6a 6b 6c 6d 6e 6f   `abcdefghijklmno
   00000070  70 71 72 73 74 75 76 77  78 79 7a 7b 7c 7d 7e 7f   pqrstuvwxyz{|}~.
   00000080  80 81 82 83 84 85 86 87  88 89 8a 8b 8c 8d 8e 8f   ................
   00000090  90 91 92 93 94 95 96 97  98 99 9a 9b 9c 9d 9e 9f   ................
   000000a0  a0 a1 a2 a3 a4 a5 a6 a7  a8 a9 aa ab ac ad ae af   ................
   000000b0  b0 b1 b2 b3 b4 b5 b6 b7  b8 b9 ba bb bc bd be bf   ................
   000000c0  c0 c1 c2 c3 c4 c5 c6 c7  c8 c9 ca cb cc cd ce cf   ................
   000000d0  d0 d1 d2 d3 d4 d5 d6 d7  d8 d9 da db dc dd de df   ................
   000000e0  e0 e1 e2 e3 e4 e5 e6 e7  e8 e9 ea eb ec ed ee ef   ................
   000000f0  f0 f1 f2 f3 f4 f5 f6 f7  f8 f9 fa fb fc fd fe ff   ................
   00000100  ·  ·  ·  ·  ·  ·  ·  ·   ·  ·  ·  ·  ·  ·  ·  ·
   00000110  ·  ·  ·  ·  ·  ·  ·  ·   ·  ·  ·  ·  ·  ·  ·  ·
   00000120  ·  ·  ·  ·  ·  ·  ·  ·   ·  ·  ·  ·  ·  ·  ·  ·
   00000130  ·  ·  ·  ·  ·  ·  ·  ·   ·  ·  ·  ·  ·  ·  ·  ·
   524,288 bytes
   Backspace tags  2 patients  3 activity  4 jobs  5 storage  9 log  ? help
  """#,
  "labels-120x24": #"""
   Studies                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION        SER   INST │ MÜLLER, ANNA
  ─────────────────────────────────────────────────────────────────────────────────────┤ M-33 · born 1988-01-20 · F
  ✓  DOE, JANE               P-0042   2024-12-27  CT     Chest w… researc…    3     12 │
  ✓◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone sc… research    3     95 │ CT  Abdomen and pelvis, three p…
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and pelv…    3    178 │ 2024-12-25 09:14 · A1002
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa            3    261 │
     ROSSI, MARIA LUISA      IT-9001┌─ Labels of 2 studies ────────────────────────────┐ 3 series · 178 instances
     Βασιλείου, Ελένη        GR-12  │ [x] research                on all 2             │ 92 MB (compressed 2.1×)
     NGUYỄN, KIM             X-10003│ [-] urgent                  on 1 of 2            │ stable · received 2 h ago
     NGUYỄN, KIM             X-10003│                                                  │ 2024-03-02 08:55:10
     NOVÁK, LEE              X-10004│ new:                                             │ from CT_SCANNER_1
     NOVÁK, LEE              X-10004│                                                  │
     DUBOIS, ALEX            X-10005│                                                  │ TAGS
     DUBOIS, ALEX            X-10005└──────────────────────────────────────────────────┘ Institution  Hospital of the Hol
                                                                                       │              y Test
                                                                                       │ Study UID    2.25.2
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
                                                                                       │
   12 studies · 2 marked · row 3
   Space toggle  Tab complete  Enter apply  Esc back
  """#,
  "deletion-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION    SER   INST
  ────────────────────────────────────────────────────────────────────────────────
  ✓  DOE, JANE               P-0042   2024-12-27  CT     Chest… resea…    3     12
  ✓◆ YA┌─ Delete ──────────────────────────────────────────────────────────┐    95
     MÜ│ Delete 2 studies of 2 patients?                                   │   178
     KI│   DOE, JANE · CT Chest with contrast 2024-12-27 · 12 instances    │   261
     RO│   YAMADA, TARO 山田,太郎 · NM Bone scan 2024-12-26 · 95 instances │   344
     Βα│                                                                   │   427
     NG│ 107 instances, 55 MB.                                             │   510
     NG│ DOE, JANE has nothing else and goes too.                          │    12
     NO│ YAMADA, TARO 山田,太郎 has nothing else and goes too.             │    95
     NO│ ◆ YAMADA, TARO 山田,太郎 is protected.                            │   178
     DU│                                                                   │   261
     DU│                                                                   │   344
       │ Type J-1007 to go on:                                             │
       └───────────────────────────────────────────────────────────────────┘





   12 studies · 2 marked · row 3
   Esc back
  """#,
  "sort-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION    SER   INST
  ────────────────────────────────────────────────────────────────────────────────
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest… resea…    3     12
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone … resea…    3     95
     MÜLLER, ANNA           ┌─ Sort by ────────────────┐ Abdomen and …    3    178
     KIM, MINJUN 金,民俊    │ ▾ study date             │ Thorax pa        3    261
     ROSSI, MARIA LUISA     │   patient's name         │ Abdomen          3    344
     Βασιλείου, Ελένη       │   patient's ID           │ Brain            3    427
     NGUYỄN, KIM            │   modality               │ Chest… resea…    3    510
     NGUYỄN, KIM            │   description            │ Bone … resea…    3     12
     NOVÁK, LEE             │   accession number       │ Abdomen and …    3     95
     NOVÁK, LEE             │   instances              │ Thorax pa        3    178
     DUBOIS, ALEX           │   size                   │ Abdomen          3    261
     DUBOIS, ALEX           │   received               │ Brain resear…    3    344
                            └──────────────────────────┘






   12 studies · row 1
   Enter sort  Esc back
  """#,
  "help-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     P┌─ Keys · Studies ─────────────────────────────────────────────────────┐INST
  ────│ find:                                                                │────
  …  D│                                                                      │  12
   ◆ Y│ j ↓                 one row down                                     │  95
     M│ k ↑                 one row up                                       │ 178
     K│ PgDn ^F             one page down                                    │ 261
     R│ PgUp ^B             one page up                                      │ 344
     Β│ ^D                  half a page down                                 │ 427
     N│ ^U                  half a page up                                   │ 510
     N│ g Home              to the first row (gg works too)                  │  12
     N│ G End               to the last row                                  │  95
     N│ Enter →             open what the cursor is on                       │ 178
     D│ Backspace ← h       to the level above                               │ 261
     D│ Esc                 take back the marks, then the filter, then one … │ 344
      │ /                   show only what matches, while you type: words, … │
      │ n                   to the next arrival                              │
      │ N                   to the previous arrival                          │
      │ s                   choose the column to sort by                     │
      │ S                   turn the order round                             │
      └──────────────────────────────────────────────────────────────────────┘

   12 studies · row 1
   Enter run  Esc back
  """#,
  "log-80x24": #"""
   Log                  FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────
   10:59:30    info     Listening on 4242
   10:59:40    warning  CT␛[2J hung up


















   2 lines
   Enter whole line  / filter  1 studies  2 patients  3 activity  4 jobs  ? help
  """#,
  "jobs-120x24": #"""
   Jobs                                                         FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
   Pending   Export everything to all.zip (+2)         waits for its turn                                           10:59
   Paused    Verify presence and size                  █████░░░░░░░░░░░░░░░  25 %  100 of 400 attachments
   Running   Export 3 studies to chest.zip             ██████████░░░░░░░░░░  50 %  3 s left · 85/s · 44.7 MB/s · 256 of …
   Retry     Delete 3 studies                          again at 11:00:20: no room left for the index                10:58
   Success   Export 3 studies to chest.zip             512 instances in /data/chest.zip                             10:55
   Failure   Verify every file's content               512 attachments, 1 fault: `filmroom repair` mends wha…       10:50














   6 jobs · row 1
   Enter details  p pause  c cancel  a again  + priority  V verify  1 studies  2 patients  3 activity  5 storage  ? help
  """#,
  "jobs-80x24": #"""
   Jobs                 FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────
   Pending   Export everything to all.…  waits for its turn                 10:59
   Paused    Verify presence and size     25 %  100 of 400 attachments
   Running   Export 3 studies to chest…   50 %  3 s left · 85/s · 44.7 MB/s · 25…
   Retry     Delete 3 studies            again at 11:00:20: no room …       10:58
   Success   Export 3 studies to chest…  512 instances in /data/ches…       10:55
   Failure   Verify every file's conte…  512 attachments, 1 fault: `…       10:50














   6 jobs · row 1
   Enter details  p pause  c cancel  a again  + priority  V verify  ? help
  """#,
  "storage-120x24": #"""
   Storage                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
   Used      ██████████░░░░░░░░░░░░░░░░░░░░  1.4 of 4 GB · 35 %
   Patients  ███████████████████████████░░░  9 of 10 · 90 %
   Recycle   who is next makes room · 1 protected, never recycled (180 MB)

   CT        ██████████████████████████████     900 MB   12 series · 1,204 instances
   MR        ██████████░░░░░░░░░░░░░░░░░░░░     300 MB   6 series · 400 instances
   US        █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░      50 MB   2 series · 20 instances
   others    █░░░░░░░░░░░░░░░░░░░░░░░░░░░░░       9 MB   2 series · 3 instances

     NEXT  PATIENT                                              ID                  LAST RECEIVED         INST      FREES
        1  DUBOIS, ALEX                                         X-10005             2024-03-02 00:41       340     180 MB
        2  NOVÁK, LEE                                           X-10004             2024-03-02 02:45       340     180 MB
        3  NGUYỄN, KIM                                          X-10003             2024-03-02 04:48       340     180 MB
        4  Βασιλείου, Ελένη                                     GR-12               2024-03-02 05:50       340     180 MB
        5  ROSSI, MARIA LUISA                                   IT-9001             2024-03-02 06:51       340     180 MB
        6  KIM, MINJUN 金,民俊                                  K-55                2024-03-02 07:53       340     180 MB
        7  MÜLLER, ANNA                                         M-33                2024-03-02 08:55       340     180 MB
        8  DOE, JANE                                            P-0042              2024-03-02 10:58       340     180 MB
        ◆  YAMADA, TARO 山田,太郎                               J-1007              2024-03-02 09:56       340      never

   9 patients · 1 protected · row 1
   Enter go there  p protect    1 studies  2 patients  3 activity  4 jobs  9 log  : command  ? help  q quit
  """#,
  "storage-80x24": #"""
   Storage              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────
   Used      ███████░░░░░░░░░░░░░  1.4 of 4 GB · 35 %
   Patients  ██████████████████░░  9 of 10 · 90 %
   Recycle   who is next makes room · 1 protected, never recycled (180 MB)

   CT        ████████████████████     900 MB   12 series · 1,204 instances
   MR        ██████░░░░░░░░░░░░░░     300 MB   6 series · 400 instances
   US        █░░░░░░░░░░░░░░░░░░░      50 MB   2 series · 20 instances
   others    █░░░░░░░░░░░░░░░░░░░       9 MB   2 series · 3 instances

     NEXT  PATIENT               ID         LAST RECEIVED         INST      FREES
        1  DUBOIS, ALEX          X-10005    2024-03-02 00:41       340     180 MB
        2  NOVÁK, LEE            X-10004    2024-03-02 02:45       340     180 MB
        3  NGUYỄN, KIM           X-10003    2024-03-02 04:48       340     180 MB
        4  Βασιλείου, Ελένη      GR-12      2024-03-02 05:50       340     180 MB
        5  ROSSI, MARIA LUISA    IT-9001    2024-03-02 06:51       340     180 MB
        6  KIM, MINJUN 金,民俊   K-55       2024-03-02 07:53       340     180 MB
        7  MÜLLER, ANNA          M-33       2024-03-02 08:55       340     180 MB
        8  DOE, JANE             P-0042     2024-03-02 10:58       340     180 MB
        ◆  YAMADA, TARO 山田,…   J-1007     2024-03-02 09:56       340      never

   9 patients · 1 protected · row 1
   Enter go there  p protect    1 studies  2 patients  3 activity  4 jobs  ? help
  """#,
  "empty-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────




     No studies yet. Filmroom listens on port 4242 as FILMROOM.

       from a modality     AE title FILMROOM, host ws-17 (10.0.0.5), port 4242
       from this machine   storescu -aec FILMROOM localhost 4242 FILE…
       from a script       REST API http://127.0.0.1:8042, no authentication
       from a folder       press i, or: filmroom import FOLDER
       to try it out       press D: synthetic studies; D again deletes them










   2 patients  3 activity  4 jobs  5 storage  9 log  : command  ? help  q quit
  """#,
  "metadata-120x24": #"""
   Studies                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION        SER   INST │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest w… researc…    3     12 │
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone sc… research    3     95 │ CT  Chest with contrast
     MÜLLER, ANNA ┌─ Metadata of DOE, JANE · CT Chest with contrast 2024-12-27 ──────────────────────────┐· A1000
     KIM, MINJUN  │ my-note             1024   rev 3    call Dr. K.                                      │
     ROSSI, MARIA │ 1031                       rev 0    {"score": 12}                                    │tances
     Βασιλείου, Ελ│                                                                                      │2.1×)
     NGUYỄN, KIM  │ written by Filmroom, read-only                                                       │ed 1 min ago
     NGUYỄN, KIM  │ LastUpdate                  20240302T105830                                          │30
     NOVÁK, LEE   │                                                                                      │
     NOVÁK, LEE   │                                                                                      │
     DUBOIS, ALEX │                                                                                      │
     DUBOIS, ALEX │                                                                                      │
                  └──────────────────────────────────────────────────────────────────────────────────────┘
                                                                                       │ TAGS
                                                                                       │ Institution  Hospital of the Hol
                                                                                       │              y Test
                                                                                       │ Study UID    2.25.0
                                                                                       │
                                                                                       │
   12 studies · row 1
   a add  Enter edit  E in $EDITOR  d remove  Esc back
  """#,
  "attachments-120x24": #"""
   Studies                                                      FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION        SER   INST │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest w… researc…    3     12 │
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone sc… research    3     95 │ CT  Chest with contrast
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and pelv…    3    178 │ 2024-12-27 09:14 · A1000
     KIM, MI┌─ Attachments of DOE, JANE · CT Chest with contrast 2024-12-27 ───────────────────────────────────┐
     ROSSI, │   NAME                                NO       SIZE    ON DISK    REV  TYPE                      │
     Βασιλεί│   report                            1030   25 bytes   as it is      2  text/plain                │
     NGUYỄN,│   Osimis WebViewer: annotations     9999   22 bytes   as it is      0  application/octet-s…      │in ago
     NGUYỄN,│                                                                                                  │
     NOVÁK, │                                                                                                  │
     NOVÁK, │                                                                                                  │
     DUBOIS,│ text/plain · 25 bytes · revision 2                                                               │
     DUBOIS,│ MD5 22222222222222222222222222222222                                                             │
            └──────────────────────────────────────────────────────────────────────────────────────────────────┘
                                                                                       │ TAGS
                                                                                       │ Institution  Hospital of the Hol
                                                                                       │              y Test
                                                                                       │ Study UID    2.25.0
                                                                                       │
                                                                                       │
   12 studies · row 1
   Enter show  a add  w write  r replace  d delete  V verify  o open  P in $PAGER  Esc back
  """#,
  "attachments-80x24": #"""
   Studies              FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION    SER   INST
  ────────────────────────────────────────────────────────────────────────────────
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest… resea…    3     12
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone … resea…    3     95
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and …    3    178
    ┌─ Attachments of DOE, JANE · CT Chest with contrast 2024-12-27 ───────────┐61
    │   NAME                              NO       SIZE    ON DISK    REV      │44
    │   report                          1030   25 bytes   as it is      2      │27
    │   Osimis WebViewer: annotations   9999   22 bytes   as it is      0      │10
    │                                                                          │12
    │                                                                          │95
    │                                                                          │78
    │ text/plain · 25 bytes · revision 2                                       │61
    │ MD5 22222222222222222222222222222222                                     │44
    └──────────────────────────────────────────────────────────────────────────┘






   12 studies · row 1
   Enter show  a add  w write  r replace  d delete  V verify  o open  P in $PAGER
  """#,
  "activity-120x24": #"""
   Activity                                                     FILMROOM:4242 · http:8042 · idle · 41.2 of 200 GB · 11:00
  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
   11:00       REST DELETE refused: 404      /modalities/ct                                            10.0.0.7
   11:00       3 × REST POST                 /instances                                                alice, 10.0.0.7
   11:00       REST PUT                      /studies/ba0b4258…/labels/urgent                          alice, 10.0.0.7
   11:00       40 instances arrived          instance 0093d621                                         CT1
   10:59       new series                    (no name) · Lung 1.0                                      CT1
   10:59       new study                     MÜLLER, ANNA · Fresh                                      CT1














   6 lines · row 1 · REST API http://127.0.0.1:8042, no authentication
   Enter go there  1 studies  2 patients  4 jobs  5 storage  9 log  : command  ? help  q quit
  """#,
  "busy-120x24": #"""
   Studies                        FILMROOM:4242 · https:8042 · 12 req/s · 2 associations · 148/s · 41.2 of 200 GB · 11:00
     PATIENT                 ID       DATE ▾      MOD    DESCRIPTION        SER   INST │ DOE, JANE
  ─────────────────────────────────────────────────────────────────────────────────────┤ P-0042 · born 1961-04-12 · F
  +  KIM, MINJUN 金,民俊     K-55     2025-01-01  MR     Knee left            3    344 │
  …  DOE, JANE               P-0042   2024-12-27  CT     Chest w… researc…    3     12 │ CT  Chest with contrast
   ◆ YAMADA, TARO 山田,太郎  J-1007   2024-12-26  NM     Bone sc… research    3     95 │ 2024-12-27 09:14 · A1000
     MÜLLER, ANNA            M-33     2024-12-25  CT     Abdomen and pelv…    3    178 │
     KIM, MINJUN 金,民俊     K-55     2024-12-24  CR     Thorax pa            3    261 │ 3 series · 12 instances
     ROSSI, MARIA LUISA      IT-9001  2024-12-23  US     Abdomen              3    344 │ 6 MB (compressed 2.1×)
     Βασιλείου, Ελένη        GR-12    2024-12-22  MR     Brain                3    427 │ arriving · received 1 min ago
     NGUYỄN, KIM             X-10003  2024-12-21  CT     Chest w… research    3    510 │ 2024-03-02 10:58:30
     NGUYỄN, KIM             X-10003  2024-12-20  NM     Bone sc… researc…    3     12 │ from CT_SCANNER_1
     NOVÁK, LEE              X-10004  2024-12-19  CT     Abdomen and pelv…    3     95 │
     NOVÁK, LEE              X-10004  2024-12-18  CR     Thorax pa            3    178 │ LABELS
     DUBOIS, ALEX            X-10005  2024-12-17  US     Abdomen              3    261 │ research  urgent
     DUBOIS, ALEX            X-10005  2024-12-16  MR     Brain research       3    344 │
                                                                                       │ TAGS
                                                                                       │ Institution  Hospital of the Hol
                                                                                       │              y Test
                                                                                       │ Study UID    2.25.0
                                                                                       │
                                                                                       │
   13 studies · 1 new · row 2
   Enter open  / filter  l labels  m meta  p protect    d delete  Tab pane  Space mark  s sort  a attached  ? help
  """#,
  "too-small": #"""


  Too small: 79×5, needs 80×24. Enlarge the window; q quits.


  """#,
]
