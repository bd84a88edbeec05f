"""A Rutherford backscattering spectrum in SIMNRA's .xnra (IDF 1.01) with known contents."""

import numpy as np

from freestanding_curve import write
from text_samples import column

TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<idf xmlns="http://idf.schemas.itn.pt" xmlns:simnra="http://www.simnra.com/simnra">
  <notes><note>made for tests from known numbers; not measured</note></notes>
  <attributes>
    <idfversion>1.01</idfversion>
    <filename>{name}</filename>
    <simnra:filetype>xnra</simnra:filetype>
    <simnra:xnraversionnr>1.1</simnra:xnraversionnr>
  </attributes>
  <sample>
    <description>{sample}</description>
    <elementsandmolecules><elements>
      <nelements>3</nelements>
      <element><name>C</name></element><element><name>O</name></element><element><name>Al</name></element>
    </elements></elementsandmolecules>
    <structure><layeredstructure><nlayers>2</nlayers><layers>
      <layer>
        <layerthickness units="1e15at/cm2"> {film:.14E}</layerthickness>
        <layerelements>
          <layerelement><name>Al</name><concentration units="fraction"> 2.00000000000000E-01</concentration></layerelement>
          <layerelement><name>O</name><concentration units="fraction"> 4.00000000000000E-01</concentration></layerelement>
          <layerelement><name>C</name><concentration units="fraction"> 4.00000000000000E-01</concentration></layerelement>
        </layerelements>
      </layer>
      <layer>
        <layerthickness units="1e15at/cm2"> 1.00000000000000E+05</layerthickness>
        <layerelements><layerelement><name>C</name><concentration units="fraction"> 1.00000000000000E+00</concentration></layerelement></layerelements>
      </layer>
    </layers></layeredstructure></structure>
    <spectra><spectrum>
      <beam>
        <beamparticle>4He</beamparticle>
        <beamZ>2</beamZ>
        <beammass units="amu"> 4.00260325413000E+00</beammass>
        <beamenergy units="keV"> {energy:.14E}</beamenergy>
        <beamenergyspread mode="FWHM" units="keV"> 0.00000000000000E+00</beamenergyspread>
        <beamfluence units="#particles"> 6.24150907446076E+13</beamfluence>
      </beam>
      <geometry>
        <geometrytype>IBM</geometrytype>
        <incidenceangle units="degree"> 0.00000000000000E+00</incidenceangle>
        <scatteringangle units="degree"> 1.70000000000000E+02</scatteringangle>
        <exitangle units="degree"> 1.00000000000000E+01</exitangle>
      </geometry>
      <detection><detector>
        <detectortype>SSB</detectortype>
        <solidangle units="msr"> 1.00000000000000E+00</solidangle>
      </detector></detection>
      <calibrations>
        <detectorresolutions><detectorresolution><resolutionparameters><resolutionparameter units="keV" mode="FWHM"> 1.50000000000000E+01</resolutionparameter></resolutionparameters></detectorresolution></detectorresolutions>
        <energycalibrations><energycalibration><calibrationmode>energy</calibrationmode><calibrationparameters>
          <calibrationparameter units="keV"> {offset:.14E}</calibrationparameter>
          <calibrationparameter units="keV/channel"> {gain:.14E}</calibrationparameter>
          <calibrationparameter units="keV/channel^2"> 0.00000000000000E+00</calibrationparameter>
        </calibrationparameters></energycalibration></energycalibrations>
      </calibrations>
      <reactions><technique>RBS</technique></reactions>
      <data>
        <datamode>simple</datamode>
        <channelmode>left</channelmode>
        <simpledata>
          <xaxis><axisname>channel</axisname><axisunit>#</axisunit></xaxis>
          <yaxis><axisname>yield</axisname><axisunit>counts</axisunit></yaxis>
          <x>{channels}</x>
          <y>{counts}</y>
        </simpledata>
      </data>
    </spectrum></spectra>
  </sample>
</idf>
"""

# Kinematic factors of 4He at 170 degrees.
FACTORS = {"C": 0.2526, "O": 0.3625, "Al": 0.5536}


def xnra(path, sample, seed, film=200.0, energy=2000.0, gain=4.0, offset=8.0, channels=512):
    """An Al, O and C film of `film` 1e15 at/cm2 on carbon."""
    random = np.random.default_rng(seed)
    number = np.arange(channels)
    kev = offset + gain * number
    shape = np.zeros(channels)
    width = 0.12 * film
    for element, height in (("Al", 150.0), ("O", 90.0)):
        top = FACTORS[element] * energy
        shape += height * 0.25 * (1 - np.tanh((kev - top) / 9)) * (1 + np.tanh((kev - top + width) / 9))
    shape += 60 * 0.5 * (1 - np.tanh((kev - FACTORS["C"] * energy) / 9))
    counts = random.poisson(shape)
    text = TEMPLATE.format(
        name=path.name, sample=sample, film=film, energy=energy, gain=gain, offset=offset,
        channels=" ".join(str(n) for n in number), counts=" ".join(str(n) for n in counts))
    write(path, text.encode("utf-8"), {
        "synthetic": True, "rows": channels, "beam_energy_keV": energy,
        "gain_keV_per_channel": gain, "offset_keV": offset, "total_counts": int(counts.sum()),
        "film_1e15_at_per_cm2": film,
        "columns": [column("channel", "1", number), column("counts", "{count}", counts)]})
