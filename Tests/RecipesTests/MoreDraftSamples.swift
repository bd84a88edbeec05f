extension DraftSample {
  /// The rest of the samples.
  static let more: [DraftSample] = [
    DraftSample(
      name: "spaces.dat", delimiter: "blanks", mark: ".", header: 3,
      axis: "E(eV)",
      units: ["E(eV)": "eV"],
      text: """
        % sample a
        % temp = 25
        %  E(eV)     mu(E)     I0(counts)
          7000.0   0.1234   100234
          7001.0   0.1334   100235
          7002.0   0.1434   100236

        """),
    DraftSample(
      name: "spec.dat", delimiter: "blanks", mark: ".", header: 8,
      axis: "mono e",
      text: """
        #F a
        #E 1
        #D Mon Jan 01 10:00:00 2024

        #S 1 ascan e 7 8 3 1
        #D Mon Jan 01 10:00:00 2024
        #N 4
        #L mono e  Epoch  I zero  mu trans
        7000 1 10 0.1
        7001 2 11 0.2
        7002 3 12 0.3

        #S 2 ascan e 7 8 3 1
        #D Mon Jan 01 10:00:00 2024
        #N 4
        #L mono e  Epoch  I zero  mu trans
        7000 1 10 0.1
        7001 2 11 0.2
        7002 3 12 0.3

        """),
    DraftSample(
      name: "gamry.DTA", delimiter: "tab", mark: ".", header: 14,
      axis: "Freq",
      text: """
        EXPLAIN
        TAG\tEISPOT
        TITLE\tLABEL\tEIS\tTest
        DATE\tLABEL\t1/5/2024\tDate
        FREQINIT\tQUANT\t1.0E+005\tInitial Freq
        OCVCURVE\tTABLE\t3
        \tPt\tT\tVf\tVm\tAch\tOver
        \t#\ts\tV\tV\tV\tbits
        \t0\t0.25\t3.1\t3.2\t0\t...........
        \t1\t0.50\t3.1\t3.2\t0\t...........
        \t2\t0.75\t3.1\t3.2\t0\t...........
        EOC\tQUANT\t3.1\tOpen Circuit (V)
        ZCURVE\tTABLE
        \tPt\tTime\tFreq\tZreal\tZimag
        \t#\ts\tHz\tohm\tohm
        \t0\t1\t100000\t10.1\t-0.5
        \t1\t2\t79000\t10.2\t-0.6
        \t2\t3\t63000\t10.3\t-0.7
        \t3\t4\t50000\t10.4\t-0.8

        """),
    DraftSample(
      name: "tofsims.txt", delimiter: "tab", mark: ".", header: 3,
      axis: "Time (s)",
      units: ["Time (s)": "s"],
      text: """
        # Profile
        # Ion dose in ions/cm2
        #Time (s)\tIon Dose (ions/cm^2)\tLi+ (counts)\tC- (counts)
        0.0\t1.0E+12\t123\t45
        1.5\t2.0E+12\t124\t46
        3.0\t3.0E+12\t125\t47

        """),
    DraftSample(
      name: "xps.txt", delimiter: "tab", mark: ".", header: 3,
      axis: "Binding Energy (eV)",
      units: ["Binding Energy (eV)": "eV"],
      text: """
        Name:\tC1s
        Pass energy:\t20 eV
        Binding Energy (eV)\tCounts/s\tBackground
        295.0\t1234.5\t1200.1
        294.9\t1236.5\t1200.2
        294.8\t1240.5\t1200.3

        """),
    DraftSample(
      name: "afm.txt", delimiter: "blanks", mark: ".", header: 4,
      axis: "time",
      text: """
        # springConstant: 0.04
        # units: m N s
        #
        # vDeflection height measuredHeight time
        1.0e-9 2.0e-6 2.1e-6 0.001
        1.1e-9 1.9e-6 2.0e-6 0.002
        1.2e-9 1.8e-6 1.9e-6 0.003

        """),
    DraftSample(
      name: "park.txt", delimiter: "tab", mark: ".", header: 4,
      axis: "Time stamp(sec)",
      units: ["Force(nN)": "nN", "Z Scan(um)": "um"],
      text: """
        Park Systems FD export
        Spring constant (N/m): 2.0

        Index\tForce(nN)\tZ Scan(um)\tTime stamp(sec)
        1\t0.12\t1.5\t0.001
        2\t0.13\t1.6\t0.002
        3\t0.14\t1.7\t0.003

        """),
    DraftSample(
      name: "epoch.csv", delimiter: ",", mark: ".", header: 1,
      axis: "timestamp",
      units: ["timestamp": "s", "voltage_V": "V", "current_mA": "mA", "temperature_C": "Cel"],
      text: """
        timestamp,temperature_C,voltage_V,current_mA
        1704448272.5,25.1,3.2,1.5
        1704448273.5,25.2,3.3,1.6
        1704448274.5,25.2,3.4,1.7

        """),
    DraftSample(
      name: "excelday.csv", delimiter: ";", mark: ",", header: 1,
      axis: "Date",
      units: ["Spannung (V)": "V", "Strom (A)": "A", "Date": "d"],
      text: """
        Date;Spannung (V);Strom (A)
        45296,5;3,2;0,1
        45296,6;3,3;0,2
        45296,7;3,4;0,3

        """),
    DraftSample(
      name: "german.txt", delimiter: "tab", mark: ",", header: 4,
      axis: "Zeit [s]",
      units: ["Zeit [s]": "s", "Strom [mA]": "mA", "Temperatur [°C]": "Cel"],
      text: """
        Messung vom 05.01.2024
        Bediener: X

        Zeit [s]\tSpannung [V]\tStrom [mA]\tTemperatur [°C]
        0,0\t3,2\t0,1\t25,0
        1,0\t3,3\t0,2\t25,1
        2,0\t3,4\t0,3\t25,1

        """),
    DraftSample(
      name: "dashes.txt", delimiter: "blanks", mark: ".", header: 1,
      axis: "time",
      units: ["time": "s", "voltage": "V", "current": "A"],
      text: """
        time        voltage     current
          (s)         (V)         (A)
        ----------  ----------  ----------
          0.0         3.2         0.1
          1.0         3.3         0.2
          2.0         3.4         0.3

        """),
    DraftSample(
      name: "trailing.csv", delimiter: ",", mark: ".", header: 1,
      axis: "Time(s)",
      units: ["Voltage(V)": "V"],
      text: """
        Time(s),Voltage(V),Current(A)
        0.0,3.2,0.1,
        1.0,3.3,0.2,
        2.0,3.4,0.3,

        """),
    DraftSample(
      name: "thousands.csv", delimiter: ";", mark: ",", header: 1,
      axis: "Time (s)",
      units: ["Voltage (mV)": "mV"],
      text: """
        Time (s);Voltage (mV)
        0,5;3.200,5
        1,0;3.300,5
        1,5;3.400,5

        """),
    DraftSample(
      name: "isoclock.csv", delimiter: ",", mark: ".", header: 1,
      axis: "datetime",
      units: ["U (V)": "V"],
      text: """
        datetime,U (V),I (A)
        2024-01-05T10:11:12.5Z,3.2,0.1
        2024-01-05T10:11:13.5Z,3.3,0.2
        2024-01-05T10:11:14.5Z,3.4,0.3

        """),
    DraftSample(
      name: "endmark.spe", delimiter: "blanks", mark: ".", header: nil,
      axis: nil,
      text: """
        $SPEC_ID:
        sample
        $DATE_MEA:
        01/05/2024 10:11:12
        $MEAS_TIM:
        296 300
        $DATA:
        0 7
               0
               1
               5
              12
               7
               3
               2
               0
        $ROI:
        0

        """),
    DraftSample(
      name: "basytec.txt", delimiter: "tab", mark: ".", header: 4,
      axis: "Time[h]",
      units: ["U[V]": "V", "I[A]": "A", "Ah[Ah]": "A.h"],
      text: """
        ~Resultfile from Basytec Battery Test System
        ~Date: 05.01.2024
        ~
        ~Time[h]\tDataSet\tt-Step[h]\tLine\tCommand\tU[V]\tI[A]\tAh[Ah]\tState
        0.0\t1\t0.0\t1\tPause\t3.2\t0.0\t0.0\t0
        0.1\t2\t0.1\t1\tPause\t3.2\t0.0\t0.0\t0
        0.2\t3\t0.0\t2\tCharge\t3.3\t1.0\t0.1\t0

        """),
    DraftSample(
      name: "novonix.csv", delimiter: ",", mark: ".", header: 7,
      axis: "Run Time (h)",
      units: ["Current (A)": "A", "Capacity (Ah)": "A.h"],
      text: """
        [Summary]
        Cell: A
        Mass (g): 0.1
        [End Summary]

        [Data]
        Date and Time,Cycle Number,Step Type,Run Time (h),Step Time (h),Current (A),Potential (V),Capacity (Ah),Temperature (°C)
        2024-01-05 10:11:12,0,0,0.0,0.0,0.0,3.2,0.0,25.0
        2024-01-05 10:11:42,0,0,0.00833,0.00833,0.0,3.2,0.0,25.0
        2024-01-05 10:12:12,0,0,0.01667,0.01667,0.0,3.2,0.0,25.0

        """),
    DraftSample(
      name: "neware.csv", delimiter: ",", mark: ".", header: 1,
      axis: "Time(h:min:s.ms)",
      units: ["Voltage(V)": "V", "Current(mA)": "mA", "Capacity(mAh)": "mA.h"],
      text: """
        Record ID,Cycle ID,Step ID,Step Name,Time(h:min:s.ms),Voltage(V),Current(mA),Capacity(mAh),Realtime
        1,1,1,Rest,0:00:00.000,3.2001,0.0,0.0,2024-01-05 10:11:12
        2,1,1,Rest,0:00:10.000,3.2002,0.0,0.0,2024-01-05 10:11:22
        3,1,2,CC_Chg,0:00:00.000,3.3002,1.0,0.0,2024-01-05 10:11:22

        """),
    DraftSample(
      name: "athena.nor", delimiter: "blanks", mark: ".", header: 5,
      axis: "energy",
      units: ["energy": "eV"],
      text: """
        # XDAC
        # Column.1: energy eV
        # Column.2: norm
        #------------------------
        #  energy  norm  nbkg  flat
          8900.0  0.01  0.01  0.01
          8901.0  0.02  0.02  0.02
          8902.0  0.03  0.03  0.03

        """),
    DraftSample(
      name: "pipe.txt", delimiter: "|", mark: ".", header: 1,
      axis: "t [s]",
      units: ["U [V]": "V"],
      text: """
        | t [s] | U [V] |
        |-------|-------|
        | 0.0 | 3.2 |
        | 1.0 | 3.3 |
        | 2.0 | 3.4 |

        """),
  ]
}
