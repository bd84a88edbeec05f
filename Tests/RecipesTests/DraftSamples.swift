/// Samples in the manner of many instruments, written for these tests, and what a draft of each has to say.
struct DraftSample: Sendable {
  var name: String
  var delimiter: String
  var mark: String
  var header: Int?
  var axis: String?
  /// The units of some columns by their labels.
  var units: [String: String] = [:]
  var text: String
}

extension DraftSample {
  /// One sample a manner.
  static let all: [DraftSample] =
    [
      DraftSample(
        name: "digatron.csv", delimiter: ",", mark: ".", header: 4,
        axis: "Prog Time",
        units: ["Voltage": "V", "Current": "A", "AhAccu": "A.h", "Prog Time": "s"],
        text: """
          Test: 5
          Cell: 12

          Step,Status,Prog Time,Step Time,Cycle,Voltage,Current,AhAccu
          ,,,,,V,A,Ah
          1,PAU,00:00:00.0,00:00:00.0,0,3.512,0.000,0.000
          1,PAU,00:00:10.0,00:00:10.0,0,3.513,0.000,0.000
          2,CHA,00:00:20.5,00:00:00.5,0,3.600,1.500,0.004

          """),
      DraftSample(
        name: "maccor.txt", delimiter: "tab", mark: ".", header: 2,
        axis: "TestTime",
        units: ["Amps": "A", "Volts": "V", "Amp-hr": "A.h", "TestTime": "s"],
        text: """
          Today's Date\t01/02/2024
          Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tDPt Time
          1\t0\t1\t  0d 00:00:00.00\t  0d 00:00:00.00\t0.0000\t0.0000\t0.0000\t3.4500\tR\t01/02/2024 10:00:00 AM
          2\t0\t1\t  0d 00:01:00.00\t  0d 00:01:00.00\t0.0000\t0.0000\t0.0000\t3.4501\tR\t01/02/2024 10:01:00 AM
          3\t0\t2\t  1d 02:03:04.50\t  0d 00:00:01.00\t0.0001\t0.0003\t1.0000\t3.5501\tC\t01/03/2024 12:03:04 PM

          """),
      DraftSample(
        name: "bitrode.csv", delimiter: ",", mark: ".", header: 1,
        axis: "Total Time, (h:m:s)",
        units: ["Current, A": "A", "Voltage, V": "V", "Amp-Hours, Ah": "A.h"],
        text: """
          "Total Time, (h:m:s)","Cycle","Step","Current, A","Voltage, V","Amp-Hours, Ah"
          "0:00:01.0",1,1,0.01,3.25,0.000
          "0:00:02.0",1,1,0.01,3.26,0.001
          "0:00:03.0",1,2,1.01,3.36,0.002

          """),
      DraftSample(
        name: "nova.csv", delimiter: ";", mark: ",", header: 1,
        axis: "Time (s)",
        units: ["WE(1).Potential (V)": "V", "WE(1).Current (A)": "A"],
        text: """
          WE(1).Potential (V);WE(1).Current (A);Time (s);Index
          -0,10003;1,23E-05;0,1;1
          -0,10103;1,33E-05;0,2;2
          -0,10203;1,43E-05;0,3;3

          """),
      DraftSample(
        name: "chi.txt", delimiter: ",", mark: ".", header: 12,
        axis: "Freq/Hz",
        units: ["Freq/Hz": "Hz", "Z'/ohm": "Ohm", "Phase/deg": "deg"],
        text: """
          Jan. 5, 2024   10:11:12
          A.C. Impedance
          File: a.bin
          Data Source: Experiment
          Instrument Model:  CHI660E
          Header: 
          Note: 

          Init E (V) = 0
          High Frequency (Hz) = 1e+5

          Freq/Hz, Z'/ohm, Z"/ohm, Z/ohm, Phase/deg

          1.000e+5, 1.234e+1, -2.1e+0, 1.25e+1, -9.7
          8.254e+4, 1.244e+1, -2.2e+0, 1.26e+1, -9.8
          6.812e+4, 1.254e+1, -2.3e+0, 1.27e+1, -9.9

          """),
      DraftSample(
        name: "chi_cv.txt", delimiter: ",", mark: ".", header: 9,
        axis: "Potential/V",
        units: ["Potential/V": "V", "Current/A": "A"],
        text: """
          Jan. 5, 2024   10:11:12
          Cyclic Voltammetry
          Init E (V) = 0
          Segment = 2

          Segment 1:
          Ep = 0.2V

          Potential/V, Current/A

          0.000, 1.23e-6
          0.001, 1.33e-6
          0.002, 1.43e-6
          0.003, 1.5e-6

          """),
      DraftSample(
        name: "zplot.z", delimiter: "tab", mark: ".", header: 5,
        axis: "Freq(Hz)",
        units: ["Freq(Hz)": "Hz", "Time(Sec)": "s"],
        text: """
          "ZPLOT2 ASCII"
          "ZPlot For Windows: Version 2.9"
            Sweep Frequency: Control Voltage
            Date:, 11-05-2010
            Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange
          End Comments
            1.0000E+05\t1.0E-02\t0.0\t1.5\t1.2340E+01\t-2.345E+00\t0\t0\t1
            7.9433E+04\t1.0E-02\t0.0\t2.5\t1.2540E+01\t-2.445E+00\t0\t0\t1
            6.3096E+04\t1.0E-02\t0.0\t3.5\t1.2740E+01\t-2.545E+00\t0\t0\t1

          """),
      DraftSample(
        name: "raman.txt", delimiter: "tab", mark: ".", header: 1,
        axis: nil,
        text: """
          #Wave\t\t#Intensity
          1800.5\t123.4
          1799.1\t124.9
          1797.8\t130.2

          """),
      DraftSample(
        name: "ocean.txt", delimiter: "tab", mark: ".", header: nil,
        axis: nil,
        text: """
          Data from a.txt Node

          Date: Mon Jan 01 10:00:00 CET 2024
          User: me
          Spectrometer: USB4H
          Integration Time (sec): 1.000000E-1
          Number of Pixels in Spectrum: 4
          >>>>>Begin Spectral Data<<<<<
          345.10\t1043.5
          345.32\t1044.1
          345.54\t1050.7
          345.76\t1061.2

          """),
      DraftSample(
        name: "omnic.csv", delimiter: ",", mark: ".", header: nil,
        axis: nil,
        text: """
          399.1989,98.7654
          401.1274,98.8123
          403.0558,98.9012

          """),
      DraftSample(
        name: "uvvis.txt", delimiter: ",", mark: ".", header: 2,
        axis: "Wavelength nm.",
        units: ["Wavelength nm.": "nm"],
        text: """
          "Sample 1 - RawData"
          "Wavelength nm.","Abs."
          800.00,0.123
          799.50,0.124
          799.00,0.126

          """),
      DraftSample(
        name: "panalytical.csv", delimiter: ",", mark: ".", header: 8,
        axis: "Angle",
        text: """
          [Measurement conditions]
          Sample identification,abc
          Anode material,Cu
          K-Alpha1 wavelength,1.5405980
          Scan range,5.0,60.0
          Scan step size,0.02
          [Scan points]
          Angle,TimePerStep,Intensity,ESD
          5.01,10.0,1234,35.1
          5.03,10.0,1240,35.2
          5.05,10.0,1251,35.4
          5.07,10.0,1250,35.3
          5.09,10.0,1245,35.3

          """),
      DraftSample(
        name: "keithley.csv", delimiter: ",", mark: ".", header: 1,
        axis: "Time",
        text: """
          Index,Reading,Unit,Time,Date
          1,1.234567E-06,Amp DC,10:11:12.123456,01/05/2024
          2,1.334567E-06,Amp DC,10:11:12.223456,01/05/2024
          3,1.434567E-06,Amp DC,10:11:12.323456,01/05/2024

          """),
      DraftSample(
        name: "labview.lvm", delimiter: "tab", mark: ",", header: 16,
        axis: nil,
        units: ["Voltage (V)": "V"],
        text: """
          LabVIEW Measurement\t
          Writer_Version\t2
          Reader_Version\t2
          Separator\tTab
          Decimal_Separator\t,
          X_Columns\tOne
          Time_Pref\tRelative
          Date\t2024/01/05
          Time\t10:11:12,5
          ***End_of_Header***\t
          \t
          Channels\t2\t\t
          Samples\t4\t4\t
          X_Dimension\tTime\tTime\t
          ***End_of_Header***\t\t\t
          X_Value\tVoltage (V)\tStrom (mA)\tComment
          0,000000\t3,2001\t0,001
          0,100000\t3,2002\t0,002
          0,200000\t3,2003\t0,003
          0,300000\t3,2004\t0,004

          """),
      DraftSample(
        name: "netzsch.csv", delimiter: ";", mark: ",", header: 6,
        axis: "Time/min",
        units: ["Time/min": "min", "Temp./°C": "Cel", "Mass/%": "%"],
        text: """
          #EXPORTTYPE:DATA ALL
          #SAMPLE: abc
          #MASS:5.1 mg
          #SEPARATOR:SEMICOLON

          ##Temp./°C;Time/min;DSC/(mW/mg);Mass/%
          25,01;0,0;0,0012;100,0
          25,51;0,05;0,0013;100,0
          26,01;0,10;0,0015;99,99

          """),
      DraftSample(
        name: "instron.csv", delimiter: ",", mark: ".", header: 4,
        axis: "Time",
        units: ["Time": "s", "Extension": "mm", "Load": "N"],
        text: """
          "Specimen label","A1"
          "Width","10.0","mm"

          Time,Extension,Load
          (s),(mm),(N)
          0.00,0.000,0.01
          0.10,0.005,0.15
          0.20,0.010,0.31

          """),
      DraftSample(
        name: "quoted.csv", delimiter: ";", mark: ",", header: 1,
        axis: "Time [s]",
        units: ["Force [nN]": "nN", "Piezo [µm]": "um"],
        text: """
          "Time [s]";"Force [nN]";"Piezo [µm]"
          "0,001";"1,25";"0,5"
          "0,002";"1,35";"0,6"
          "0,003";"1,45";"0,7"

          """),
      DraftSample(
        name: "origin.txt", delimiter: "tab", mark: ".", header: 1,
        axis: "Time",
        units: ["Time": "h", "Voltage": "V", "Current": "mA"],
        text: """
          Time\tVoltage\tCurrent
          h\tV\tmA
          run 1\trun 1\trun 1
          0.0\t3.2\t0.1
          0.1\t3.3\t0.2
          0.2\t3.4\t0.3

          """),
      DraftSample(
        name: "landt.txt", delimiter: "blanks", mark: ".", header: 1,
        axis: "TestTime",
        units: ["Voltage/V": "V", "Current/mA": "mA", "TestTime": "s"],
        text: """
          Index  TestTime  StepTime  Voltage/V  Current/mA  Capacity/mAh  SysTime
          1  00:00:00  00:00:00  3.1234  0.0000  0.0000  2024-01-05_10:11:12
          2  00:00:05  00:00:05  3.1236  0.0000  0.0000  2024-01-05_10:11:17
          3  00:00:10  00:00:10  3.1240  0.1000  0.0001  2024-01-05_10:11:22

          """),
      DraftSample(
        name: "iviumish.csv", delimiter: ";", mark: ".", header: 4,
        axis: "time /s",
        units: ["E /V": "V", "I /A": "A"],
        text: """
          Comment;abc
          Start;2024-01-05

          time /s;E /V;I /A
          0.5;3.2;0.001
          1.0;3.3;0.002
          1.5;3.4;0.003

          """),
    ] + more
}
