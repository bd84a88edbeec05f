"""Small scans in the text formats of beamlines, with the truth beside each.

The layouts follow docs/formats; every number is made here.
"""

import numpy as np

from freestanding_curve import write
from text_samples import column


def edge_scan(edge, seed, before=40.0, after=120.0):
    """Energies (eV), dwell times, and what four detectors count: I0, It, Iref, If."""
    random = np.random.default_rng(seed)
    energy = np.concatenate([np.arange(edge - before, edge - 8, 10.0), np.arange(edge - 8, edge + 12, 2.0),
                             np.arange(edge + 12, edge + after, 20.0)])
    energy = energy + 0.01 * random.standard_normal(len(energy))
    mu = 0.5 + 1.2 * (0.5 + np.arctan((energy - edge) / 1.2) / np.pi)
    mu = mu + 0.4 * np.exp(-(((energy - edge - 3) / 2) ** 2)) + 0.002 * random.standard_normal(len(energy))
    i0 = 2e5 * (1 + 0.04 * np.sin((energy - edge) / 30)) + 50 * random.standard_normal(len(energy))
    it = i0 * np.exp(-mu)
    return energy, np.ones(len(energy)), i0, it, 0.6 * it, 0.05 * i0 * mu


def truth(labels, units, rows, scale=None):
    """The truth of rows as they stand in the file; `scale` brings single columns to eV exactly."""
    scale = scale or {}
    columns = []
    for i, (label, unit) in enumerate(zip(labels, units)):
        if label is None:
            continue
        values = [float(row[i] + scale.get(i, "")) for row in rows]
        columns.append(column(label, unit, values))
    return {"synthetic": True, "rows": len(rows), "columns": columns}


def cells(columns, formats):
    return [[f % v for f, v in zip(formats, row)] for row in zip(*columns)]


def phoenix(path):
    energy, _, i0, it, _, fluor = edge_scan(1565.5, 11)
    currents = [1e-6 * i0, -0.08 + 1e-7 * it]
    rows = cells([energy, 0.9 * fluor, fluor] + currents, ["%.9E"] * 5)
    labels = ["Energy_c1", "MgKa_sum_cps_c2", "AlKa_sum_cps_c3", "I0_KEITHLEY1_c4", "KEITHLEY4_TEY_c5"]
    text = ["#    " + "    ".join(labels)] + ["    " + "    ".join(row) for row in rows]
    write(path, ("\n".join(text) + "\n").encode(), truth(labels, ["eV", "", "", "", ""], rows))


def cls(path):
    energy, time, i0, it, iref, fluor = edge_scan(8979.0, 12)
    rows = cells([time, energy, energy + 0.01, energy, fluor, i0, it, iref, 1000 * time, 200 - 0.01 * time],
                 ["%d", "%.3f", "%.3f", "%.3f", "%.2f", "%.2f", "%.2f", "%.2f", "%.1f", "%.6f"])
    variables = ["Event-ID", "BL1606-ID-1:Energy", "MONO16061I1001:Energy:fbk", "MONO16061I1001:Energy:sp",
                 "BL1606-ID1:mcs03:fbk", "BL1606-ID1:mcs04:fbk", "BL1606-ID1:mcs05:fbk",
                 "BL1606-ID1:mcs06:fbk", "BL1606-ID1:mcs:delay", "PCT1402-01:mA:fbk"]
    labels = ["Event-ID", "$(AbsEnergyName)", "$(EnergyFeedback)", "$(EnergyAchieved)", "$(Detector1)",
              "$(Detector2)", "$(Detector3)", "$(Detector4)", "$(acqDwellmSec)", "$(RingCurrent)"]
    quoted = lambda words: "".join('\t"%s"' % w for w in words) + "\t"
    head = ["# CLS Data Acquisition", "#(1)" + quoted(variables), "#(1)" + quoted(labels),
            '#(2)\t"BL1606-ID1:mcs:background"\t"BL1606-ID-1:Energy:0"\t',
            '#(2)\t"$(Background)[0]"\t"$(EdgeEnergy)"\t', "# Background counts time=0, 0, 0, 0, 0"]
    body = [", ".join(row) for row in rows]
    body.insert(12, "2, 11, 8979.000")
    units = ["", "eV", "eV", "eV", "", "", "", "", "ms", "mA"]
    write(path, ("\n".join(head + body) + "\n").encode(), truth(labels, units, rows))


def cls_events(path):
    energy, time, i0, it, iref, fluor = edge_scan(7112.0, 13)
    rows = cells([time, energy, energy, fluor, i0, it, iref], ["%d", "%.2f", "%.2f", "%.1f", "%.0f", "%.0f", "%.0f"])
    labels = ["Event-ID", "BL1606-ID-1 Energy Setting", "$(EnergyFeedback)", "Idiode", "I0", "I1", "I2"]
    variables = ["Event-ID", "BL1606-ID-1:Energy", "MONO16061I1001:Energy:fbk", "BL1606-ID1:mcs03:fbk",
                 "BL1606-ID1:mcs04:fbk", "BL1606-ID1:mcs05:fbk", "BL1606-ID1:mcs06:fbk"]
    head = ["# CLS Data Acquisition", "# Thu Mar  1 11:48:45 2012", "# COMMENT", "# slit: 1.5 by 4.0", "# END COMMENT",
            "# Event: background", "# ID: 2", "# column 1: $(Background)[0] BL1606-ID1:mcs:background ",
            "# Event: readMCS", "# ID: 1"]
    head += ["# column %d: %s" % (i + 1, n) for i, n in enumerate(labels)]
    head += ["#(2) BL1606-ID1:mcs:background", "#(1) " + " ".join(variables), '#(2) "$(Background)[0]"',
             "#(1) Event-ID " + " ".join('"%s"' % n for n in labels[1:])]
    write(path, ("\n".join(head + [", ".join(row) for row in rows]) + "\n").encode(),
          truth(labels, ["", "eV", "eV", "", "", "", ""], rows))


def p65(path):
    energy, time, i0, it, iref, fluor = edge_scan(7112.0, 14)
    energy[9] = energy[8]  # a continuous scan may repeat a point
    angle = np.degrees(np.arcsin(12398.419843320026 / (2 * 3.1356 * energy)))
    rows = cells([energy, energy - 1, angle, 1e6 * angle, 0.1 * time, 1e-5 * i0, 1e-5 * it, 1e-5 * iref, 1e-5 * fluor,
                  20 * time], ["%.12f", "%.12f", "%.10f", "%.1f", "%.1f", "%.9f", "%.9f", "%.9f", "%.9f", "%.3f"])
    labels = ["enc_energy", "mono_energy", "mono_bragg", "enc_raw", "time_pp", "VFC01", "VFC02", "VFC03", "VFC04", "T1"]
    head = ["# PETRA III Extension Beamline P65", "# XAS CONTINUOUS MODE",
            "# M1 Theta(p64/motor/oh.01) = 1.9998 mrad", "# Channel 1: gain 1E07V/A\r", "# DCM Crystal: Si111",
            "#" + " ".join(labels)]
    write(path, ("\n".join(head + [" ".join(row) + " " for row in rows]) + "\n").encode(),
          truth(labels, ["eV", "eV", "deg"] + [""] * 7, rows))


def xdac(path):
    energy, time, i0, it, iref, fluor = edge_scan(7112.0, 15)
    rows = cells([energy, i0, it, fluor, 1.1 * fluor, iref, time], ["%.5f"] + ["%.4f"] * 6)
    labels = ["Energy", "I0", "It", "Ifch1", "Ifch2", "Iref", "IntTime"]
    head = ["XDAC V1.4 Datafile V1", '"made.001" created on 6/27/11 at 2:22:40 PM on X-23A2',
            "Diffraction element= Si (311).  Ring energy= 2.80 GeV", "E0= 7112.00", "NUM_REGIONS= 3",
            "SRB= -40 -8 12 120", "SRSS= 4 1 6", "SPP= 1 1 1", "Settling time= 0.20", "", "",
            "Offsets= 103.00 58.00 0.00 0.00", "Gains= 8.00 9.00 8.00 8.00", "made for tests", "", "-" * 80,
            "".join("%14s" % n for n in labels)]
    body = ["".join("%14s" % c for c in row) for row in rows]
    body.insert(10, "")
    write(path, ("\r\n".join(head + body) + "\r\n").encode(), truth(labels, ["eV"] + [""] * 6, rows))


def mrcat(path):
    energy, _, i0, it, iref, fluor = edge_scan(6539.0, 16)
    rows = cells([energy, i0, it, iref, fluor - 4000], ["%.4f", "%d", "%d", "%d", "%d"])
    labels = ["energy", "mcs3", "mcs4", "mcs5", "mcs6"]
    head = ["MRCAT_XAFS V0.3 Datafile", '"made.201" created at APS Sector 10-ID on Mon Jun 13 21:08:31 2005',
            "Ring energy= 7.00 GeV", "E0= 6539.00", "NUM_REGIONS= 1", "Settling time= 0", "", "",
            "Offsets= 11416.00 11323.00", "Gains= 8.00 7.00", "3000 x 806", "4 layers", "-" * 96,
            "   energy     mcs3     mcs4     mcs5     mcs6 "]
    write(path, ("\n".join(head + [" " + " ".join(row) for row in rows]) + "\n").encode(),
          truth(labels, ["eV", "", "", "", ""], rows))


def edc(path):
    energy, _, i0, it, _, fluor = edge_scan(7112.0, 17)
    rows = cells([energy, i0, it, fluor - 6000], ["%9.3f", "%7d", "%7d", "%7d"])
    labels = ["energy", "I0", "I", "IF"]
    head = ["NSLS/X11 EDC-5.02 11-Nov-95 13:01:47 E- ENERGY=2.584GEV", "FE K EDGE, MADE FOR TESTS", "",
            "2-SI111 HC/2D= 1977.260 STPDEG=6400. STPMMZ= 40. FOCUS=F TRANSLT=F",
            "E0= 7112.0 NREG= 3 NPTS= %d NSCLRS= 3 EF=     .0" % len(rows), " ", "SRB=   -189.7    -29.6     30.0",
            "DETECTORSI0      I       IF      ", "GAINS           9       8      11", "OFFSETS     49166   53328   49352"]
    write(path, ("\n".join(head + [" " + " ".join(row) for row in rows]) + "\n").encode(),
          truth(labels, ["eV", "", "", ""], rows))


def labview(path, listed=True):
    energy, time, i0, it, iref, fluor = edge_scan(11867.0, 18)
    names = ["Mono Energy (alt) *", "Scaler preset time *", "Preslit", "PreKB-I0", "IT", "XMAP4:AsKa_Sum", "Iref"]
    if not listed:
        names = ["Mono Energy *", "Scaler preset time *", "I0", "I1", "If"]
    values = [energy, time, 1.2 * i0, i0, it, fluor, iref] if listed else [energy, time, i0, it, fluor - 20000]
    rows = cells(values, ["%.8f"] * len(names))
    head = ["# 1-D Scan File created by LabVIEW Control Panel  6/15/2018  8:14:19 PM; Scan time 0 hrs 10 min 2 sec. ",
            "#", "# Beamline 20 ID", "#", "# User Comment:", "# made for tests", "#", "# Scan config: ",
            "#                 E0: 11867.00 eV   %d points" % len(rows), "#", "# Mono Info:", "#"]
    if listed:
        head += ["# Here is a readable list of column headings:"]
        head += ["#  1) %-24s5) %s " % (names[0], names[4]), "#  2) %-24s6) %s" % (names[1], names[5]),
                 "#  3) %-24s7) %s" % (names[2], names[6]), "#  4) " + names[3], "#"]
    else:
        head[0] = "#1-D Scan File created  8/10/01  11:10 AM by LabVIEW Control Panel "
    head += ["# Column Headings:", "#" + "".join("%-21s" % n for n in names)]
    body = ["".join("%23s" % c for c in row) + " " for row in rows]
    write(path, ("\r\n".join(head + body) + "\r\n").encode(), truth(names, ["eV", ""] + [""] * (len(names) - 2), rows))


def twelve_bm(path):
    energy, time, i0, it, iref, fluor = edge_scan(6539.0, 19)
    rows = cells([energy / 1000, time, energy / 1000 - 1e-5, i0, it, iref, np.log(i0 / it), fluor],
                 ["%.5f", "%g", "%.5f", "%g", "%g", "%g", "%.6f", "%g"])
    labels = ["Energy (keV)", "sec", "mononrg", "i0", "i1", "i2", "mu01", "flatot"]
    head = ["#D Tue Jul 09 14:44:45 2019  ", "#S Scan 29; exafsscan ", "#C exafs_edge_energy 6.539",
            "#C exafs_region -40 -8 8 1 0 0 0", "#C exafs_region -8 12 20 1 0 0 0",
            "#C " + " ".join("%d_%s" % (i + 1, n) for i, n in enumerate(labels)) + " "]
    write(path, ("\n".join(head + [" ".join(row) + " " for row in rows]) + "\n").encode(),
          truth(labels, ["eV", "s", "eV"] + [""] * 5, rows, {0: "e3", 2: "e3"}))


def epics(path):
    energy, time, i0, it, _, _ = edge_scan(9659.0, 20)
    rows = cells([energy, time, i0, it], ["%.3f", "%.6f", "%.1f", "%.1f"])
    labels = ["Energy", "Scaler Count Time", "I0", "I1"]
    head = ["; Epics Scan 1 dimensional scan", ";  current scan  = 1", ";  scan dimension= 1", ";  scan prefix   = 13BMD:",
            "; PV list:", "; Storage Ring Current (S:SRcurrentAI.VAL)\t = 101.743", ";   E0 =       9659.00",
            ";" + "=" * 53, "; n_points      =      %d" % len(rows), "; column labels:",
            "; P1 = {Energy} --> 13BMA:E:Energy.VAL", "; P2 = {Scaler Count Time} --> 13BMD:scaler1.TP",
            "; D1 = {I0}  --> 13BMD:scaler1_calc2.VAL", "; D2 = {I1}  --> 13BMD:scaler1_calc3.VAL", ";" + "-" * 44,
            ";  P1 P2 D1 D2"]
    write(path, ("\n".join(head + ["       " + "       ".join(row) + " " for row in rows]) + "\n").encode(),
          truth(labels, ["eV", "", "", ""], rows))


def nsls2(path):
    energy, _, i0, it, iref, fluor = edge_scan(11867.0, 21)
    rows = cells([energy, -1e-10 * i0, -1e-10 * iref, -1e-10 * it, -1e-10 * fluor, 1e-4 * fluor / i0], ["%.6f"] + ["%.6e"] * 5)
    labels = ["energy", "i0", "ir", "it", "iff", "pba2_adc7"]
    head = ["# Facility: NSLS-II", "# Beamline: ISS (8-ID)", "# Year: 2019", "# Cycle: 1", "# PI: made for tests",
            "# Scan ID: 90161", "# Comment: ", "# Trajectory name: As.txt", "# Element: As", "# Edge: K", "# E0: 11867",
            "# Start time: 02/06/2019  12:52:53", "#", "# # " + "  ".join(labels)]
    write(path, ("\n".join(head + [" ".join(row) for row in rows]) + "\n").encode(),
          truth(labels, ["eV"] + [""] * 5, rows))


def lnls(path):
    energy, _, i0, it, _, fluor = edge_scan(7112.0, 22)
    rows = cells([energy, 1e-4 * i0, 1e-4 * it, 1e-4 * fluor], ["%.2f", "%.4f", "%.4f", "%.4f"])
    labels = ["Energia", "I0", "I1", "Fluorescencia"]
    body = ["06/07/12\t15:%02d:%02d\t" % (26 + i // 30, 2 * (i % 30)) + "\t".join(row) for i, row in enumerate(rows)]
    head = ['"Data"\t"Hora"\t' + "\t".join('"%s"' % n for n in labels)]
    write(path, ("\r\n".join(head + body) + "\r\n").encode(), truth(labels, ["eV", "", "", ""], rows))


def elettra(path):
    energy, time, i0, it, iref, _ = edge_scan(8979.0, 23)
    i0, it, iref = np.round(i0), np.round(it), np.round(iref)
    rows = cells([energy, energy - 0.02, i0, it, np.log(i0 / it), iref, np.log(it / iref), 2 * time], ["%.6f"] * 8)
    names = ["photon_energy", "photon_energy_achieved", "incident_intensity", "transmitted_intensity", "mu",
             "reference_intensity", "column_7", "dwell_time"]
    head = ["#Project Name:\tmade_0\t", "#Folder Name:\tS1_0\t", "#File Name:\tS1_000.txt\t",
            "#Data and Time:\tSaturday, 18 June, 2011  11:55:43\t", "#Ring energy (GeV) =\t2.4\t",
            "#Picoam I0 gain = 10^\t7\t", "#Monochromator Crystal:\tSi 111\t", "#\t \t"]
    write(path, ("\r\n".join(head + ["\t".join(row) for row in rows]) + "\r\n").encode(),
          truth(names, ["eV", "eV", "", "", "1", "", "", ""], rows))


def superxas(path):
    energy, time, i0, it, iref, _ = edge_scan(11564.0, 24)
    rows = cells([energy / 1000, 1e-5 * i0, 1e-5 * it, 1e-5 * iref, 400 * time, time, np.log(i0 / it)], ["%.15f"] + ["%.16f"] * 6)
    labels = ["posX", "SAI01-MEAN", "SAI02-MEAN", "SAI03-MEAN", "Ring-current", "IntegrTimeGet", "XAS-trans"]
    head = ["#" + "\t".join(labels), "#" + "\t".join(["0"] * 7)]
    # The file gives no unit: what is read is multiplied by way of its shortest decimal text.
    kilo = [[repr(float(row[0]))] + row[1:] for row in rows]
    expected = truth(labels, ["eV", "", "", "", "", "", "1"], kilo, {0: "e3"})
    write(path, ("\n".join(head + ["\t".join(row) for row in rows]) + "\n").encode(), expected)


def xmu(path, comma=False):
    energy, _, i0, it, _, _ = edge_scan(1565.5, 26)
    rows = cells([energy, np.log(i0 / it), i0], ["%.4f", "%.7f", "%.2f"])
    labels = ["energy", "xmu", "i0"]
    head = ["#%name: made for tests", "#%atom: Al", "#%edge: K", "#%mono: KTP(011)", "#------------------------",
            "#   energy             xmu            i0"]
    body = ["  %s       %s        %s" % tuple(row) for row in rows]
    if comma:
        body = [";".join(row).replace(".", ",") for row in rows]
    write(path, ("\n".join(head + body) + "\n").encode(), truth(labels, ["eV", "1", ""], rows))


def beamline_texts(root):
    phoenix(root / "phoenix/al_foil.dat")
    cls(root / "cls/hxma.dat")
    cls_events(root / "cls/events.000")
    p65(root / "p65/continuous.xdi")
    xdac(root / "nsls/xdac.001")
    mrcat(root / "nsls/mrcat.201")
    edc(root / "nsls/x11.300")
    labview(root / "aps-labview/listed.dat")
    labview(root / "aps-labview/older.dat", listed=False)
    twelve_bm(root / "aps-12bm/exafs.dat")
    epics(root / "epics-scan/gsecars.001")
    nsls2(root / "nsls2/iss.dat")
    lnls(root / "lnls/fluorescencia.dat")
    elettra(root / "elettra-xafs/foil.txt")
    superxas(root / "sls-superxas/foil.txt")
    xmu(root / "xas-columns/al.xmu")
    xmu(root / "xas-columns/al_comma.xmu", comma=True)
