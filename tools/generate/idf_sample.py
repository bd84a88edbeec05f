"""A spectrum in the ion beam data format (IDF) as writers other than SIMNRA give it."""

import numpy as np

from freestanding_curve import write
from text_samples import column

TEMPLATE = """<?xml version="1.0"?>
<idf xmlns="http://idf.schemas.itn.pt">
  <notes><note>made for tests from known numbers; not measured</note></notes>
  <attributes><idfversion>1.02</idfversion></attributes>
  <sample>
    <structure><layeredstructure><nlayers>2</nlayers><layers>
      <layer><layerthickness units="1e15at/cm2">410</layerthickness><layerelements>
        <layerelement><name>Al 2 O 3</name><concentration units="fraction">100</concentration></layerelement>
        <layerelement><name>Si</name><concentration units="fraction">0</concentration></layerelement>
      </layerelements></layer>
      <layer><layerthickness units="1e15at/cm2">100000</layerthickness><layerelements>
        <layerelement><name>Al 2 O 3</name><concentration units="fraction">0</concentration></layerelement>
        <layerelement><name>Si</name><concentration units="fraction">100</concentration></layerelement>
      </layerelements></layer>
    </layers></layeredstructure></structure>
    <spectra><spectrum>
      <beam>
        <beamparticle>4He</beamparticle>
        <beamenergy units="keV">2000</beamenergy>
        <charge>5</charge>
      </beam>
      <geometry>
        <geometrytype>IBM</geometrytype>
        <incidenceangle units="degree">0</incidenceangle>
        <scatteringangle units="degree">170</scatteringangle>
      </geometry>
      <detection><detector><solidangle units="msr">1.5</solidangle></detector></detection>
      <calibrations><energycalibrations><energycalibration><calibrationparameters>
        <calibrationparameter units="keV">{offset}</calibrationparameter>
        <calibrationparameter units="keV/channel">{gain}</calibrationparameter>
      </calibrationparameters></energycalibration></energycalibrations></calibrations>
      <data><simpledata>
        <xaxis><axisname>channel</axisname><axisunit>#</axisunit></xaxis>
        <yaxis><axisname>yield</axisname><axisunit>counts</axisunit></yaxis>
        <x>{channels}</x>
        <y>{counts}</y>
      </simpledata></data>
    </spectrum></spectra>
  </sample>
</idf>
"""


def idf(path, seed, gain=12.0, offset=24.0, channels=128):
    """Aluminium oxide on silicon, percent under units="fraction" and molecules by name."""
    random = np.random.default_rng(seed)
    number = np.arange(channels)
    kev = offset + gain * number
    shape = 80 * 0.5 * (1 - np.tanh((kev - 1129.0) / 15)) + 30 * 0.5 * (1 - np.tanh((kev - 725.0) / 15))
    counts = random.poisson(shape)
    text = TEMPLATE.format(
        gain=gain, offset=offset, channels=" ".join(str(n) for n in number),
        counts=" ".join(str(n) for n in counts))
    energies = [offset + gain * float(n) for n in number]
    write(path, text.encode("utf-8"), {
        "synthetic": True, "rows": channels, "total_counts": int(counts.sum()),
        "columns": [
            column("channel", "1", number), column("energy", "keV", np.array(energies)),
            column("counts", "1", counts), column("Al", "1", np.array([0.4, 0.0])),
            column("O", "1", np.array([0.6, 0.0])), column("Si", "1", np.array([0.0, 1.0]))]})
