// The products and quotients that the physics of the package needs; each is one multiplication.

extension Quantity where D == Length {
  /// An area from two lengths.
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<Length>) -> Quantity<Area> {
    Quantity<Area>(si: a.si * b.si)
  }

  /// A volume from an area and a thickness.
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<Area>) -> Quantity<Volume> {
    Quantity<Volume>(si: a.si * b.si)
  }

  /// A force from a stiffness and a displacement (Hooke's law).
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<ForcePerLength>) -> Quantity<Force> {
    Quantity<Force>(si: a.si * b.si)
  }

  /// The work of a force along a displacement.
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<Force>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// A 2-D modulus from a modulus and a thickness.
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<Pressure>) -> Quantity<ForcePerLength> {
    Quantity<ForcePerLength>(si: a.si * b.si)
  }

  /// A stress from an interface stiffness and an opening.
  @inlinable
  public static func * (a: Quantity<Length>, b: Quantity<PressurePerLength>) -> Quantity<Pressure> {
    Quantity<Pressure>(si: a.si * b.si)
  }

  /// A speed from a length and a time.
  @inlinable
  public static func / (a: Quantity<Length>, b: Quantity<TimeSpan>) -> Quantity<Speed> {
    Quantity<Speed>(si: a.si / b.si)
  }

  /// A deflection sensitivity from a displacement and a signal.
  @inlinable
  public static func / (a: Quantity<Length>, b: Quantity<Voltage>) -> Quantity<VoltageSensitivity> {
    Quantity<VoltageSensitivity>(si: a.si / b.si)
  }
}

extension Quantity where D == Area {
  /// A volume from an area and a thickness.
  @inlinable
  public static func * (a: Quantity<Area>, b: Quantity<Length>) -> Quantity<Volume> {
    Quantity<Volume>(si: a.si * b.si)
  }

  /// An energy from a surface energy and an area.
  @inlinable
  public static func * (a: Quantity<Area>, b: Quantity<ForcePerLength>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// The force of a pressure on an area.
  @inlinable
  public static func * (a: Quantity<Area>, b: Quantity<Pressure>) -> Quantity<Force> {
    Quantity<Force>(si: a.si * b.si)
  }

  /// An area-specific resistance from a resistance and an area.
  @inlinable
  public static func * (a: Quantity<Area>, b: Quantity<Resistance>) -> Quantity<AreaResistance> {
    Quantity<AreaResistance>(si: a.si * b.si)
  }

  /// A current from a current density and an area.
  @inlinable
  public static func * (a: Quantity<Area>, b: Quantity<CurrentDensity>) -> Quantity<ElectricCurrent>
  {
    Quantity<ElectricCurrent>(si: a.si * b.si)
  }
}

extension Quantity where D == ForcePerLength {
  /// A force from a stiffness and a displacement (Hooke's law).
  @inlinable
  public static func * (a: Quantity<ForcePerLength>, b: Quantity<Length>) -> Quantity<Force> {
    Quantity<Force>(si: a.si * b.si)
  }

  /// An energy from a surface energy and an area.
  @inlinable
  public static func * (a: Quantity<ForcePerLength>, b: Quantity<Area>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// A modulus from a 2-D modulus and a thickness.
  @inlinable
  public static func / (a: Quantity<ForcePerLength>, b: Quantity<Length>) -> Quantity<Pressure> {
    Quantity<Pressure>(si: a.si / b.si)
  }
}

extension Quantity where D == Force {
  /// The work of a force along a displacement.
  @inlinable
  public static func * (a: Quantity<Force>, b: Quantity<Length>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// A stiffness from a force and a displacement.
  @inlinable
  public static func / (a: Quantity<Force>, b: Quantity<Length>) -> Quantity<ForcePerLength> {
    Quantity<ForcePerLength>(si: a.si / b.si)
  }

  /// A pressure from a force on an area.
  @inlinable
  public static func / (a: Quantity<Force>, b: Quantity<Area>) -> Quantity<Pressure> {
    Quantity<Pressure>(si: a.si / b.si)
  }
}

extension Quantity where D == Pressure {
  /// The force of a pressure on an area.
  @inlinable
  public static func * (a: Quantity<Pressure>, b: Quantity<Area>) -> Quantity<Force> {
    Quantity<Force>(si: a.si * b.si)
  }

  /// A 2-D modulus from a modulus and a thickness.
  @inlinable
  public static func * (a: Quantity<Pressure>, b: Quantity<Length>) -> Quantity<ForcePerLength> {
    Quantity<ForcePerLength>(si: a.si * b.si)
  }

  /// An interface stiffness from a stress and an opening.
  @inlinable
  public static func / (a: Quantity<Pressure>, b: Quantity<Length>) -> Quantity<PressurePerLength> {
    Quantity<PressurePerLength>(si: a.si / b.si)
  }
}

extension Quantity where D == PressurePerLength {
  /// A stress from an interface stiffness and an opening.
  @inlinable
  public static func * (a: Quantity<PressurePerLength>, b: Quantity<Length>) -> Quantity<Pressure> {
    Quantity<Pressure>(si: a.si * b.si)
  }
}

extension Quantity where D == ElectricCurrent {
  /// A charge from a current and a time.
  @inlinable
  public static func * (a: Quantity<ElectricCurrent>, b: Quantity<TimeSpan>) -> Quantity<Charge> {
    Quantity<Charge>(si: a.si * b.si)
  }

  /// A power from a voltage and a current.
  @inlinable
  public static func * (a: Quantity<ElectricCurrent>, b: Quantity<Voltage>) -> Quantity<Power> {
    Quantity<Power>(si: a.si * b.si)
  }

  /// A voltage from a resistance and a current (Ohm's law).
  @inlinable
  public static func * (a: Quantity<ElectricCurrent>, b: Quantity<Resistance>) -> Quantity<Voltage>
  {
    Quantity<Voltage>(si: a.si * b.si)
  }

  /// A current density from a current through an area.
  @inlinable
  public static func / (a: Quantity<ElectricCurrent>, b: Quantity<Area>) -> Quantity<CurrentDensity>
  {
    Quantity<CurrentDensity>(si: a.si / b.si)
  }
}

extension Quantity where D == TimeSpan {
  /// A charge from a current and a time.
  @inlinable
  public static func * (a: Quantity<TimeSpan>, b: Quantity<ElectricCurrent>) -> Quantity<Charge> {
    Quantity<Charge>(si: a.si * b.si)
  }

  /// A length from a speed and a time.
  @inlinable
  public static func * (a: Quantity<TimeSpan>, b: Quantity<Speed>) -> Quantity<Length> {
    Quantity<Length>(si: a.si * b.si)
  }
}

extension Quantity where D == Charge {
  /// An energy from a charge and a voltage.
  @inlinable
  public static func * (a: Quantity<Charge>, b: Quantity<Voltage>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// A current from a charge and a time.
  @inlinable
  public static func / (a: Quantity<Charge>, b: Quantity<TimeSpan>) -> Quantity<ElectricCurrent> {
    Quantity<ElectricCurrent>(si: a.si / b.si)
  }
}

extension Quantity where D == Voltage {
  /// An energy from a charge and a voltage.
  @inlinable
  public static func * (a: Quantity<Voltage>, b: Quantity<Charge>) -> Quantity<Energy> {
    Quantity<Energy>(si: a.si * b.si)
  }

  /// A power from a voltage and a current.
  @inlinable
  public static func * (a: Quantity<Voltage>, b: Quantity<ElectricCurrent>) -> Quantity<Power> {
    Quantity<Power>(si: a.si * b.si)
  }

  /// A displacement from a sensitivity and a signal.
  @inlinable
  public static func * (a: Quantity<Voltage>, b: Quantity<VoltageSensitivity>) -> Quantity<Length> {
    Quantity<Length>(si: a.si * b.si)
  }

  /// A resistance from a voltage and a current (Ohm's law).
  @inlinable
  public static func / (a: Quantity<Voltage>, b: Quantity<ElectricCurrent>) -> Quantity<Resistance>
  {
    Quantity<Resistance>(si: a.si / b.si)
  }

  /// An area-specific resistance from a voltage and a current density.
  @inlinable
  public static func / (a: Quantity<Voltage>, b: Quantity<CurrentDensity>) -> Quantity<
    AreaResistance
  > {
    Quantity<AreaResistance>(si: a.si / b.si)
  }
}

extension Quantity where D == Resistance {
  /// A voltage from a resistance and a current (Ohm's law).
  @inlinable
  public static func * (a: Quantity<Resistance>, b: Quantity<ElectricCurrent>) -> Quantity<Voltage>
  {
    Quantity<Voltage>(si: a.si * b.si)
  }

  /// An area-specific resistance from a resistance and an area.
  @inlinable
  public static func * (a: Quantity<Resistance>, b: Quantity<Area>) -> Quantity<AreaResistance> {
    Quantity<AreaResistance>(si: a.si * b.si)
  }
}

extension Quantity where D == CurrentDensity {
  /// A current from a current density and an area.
  @inlinable
  public static func * (a: Quantity<CurrentDensity>, b: Quantity<Area>) -> Quantity<ElectricCurrent>
  {
    Quantity<ElectricCurrent>(si: a.si * b.si)
  }
}

extension Quantity where D == Speed {
  /// A length from a speed and a time.
  @inlinable
  public static func * (a: Quantity<Speed>, b: Quantity<TimeSpan>) -> Quantity<Length> {
    Quantity<Length>(si: a.si * b.si)
  }
}

extension Quantity where D == VoltageSensitivity {
  /// A displacement from a sensitivity and a signal.
  @inlinable
  public static func * (a: Quantity<VoltageSensitivity>, b: Quantity<Voltage>) -> Quantity<Length> {
    Quantity<Length>(si: a.si * b.si)
  }
}

extension Quantity where D == Power {
  /// A voltage from a power and a current.
  @inlinable
  public static func / (a: Quantity<Power>, b: Quantity<ElectricCurrent>) -> Quantity<Voltage> {
    Quantity<Voltage>(si: a.si / b.si)
  }
}

extension Quantity where D == Energy {
  /// A power from an energy and a time.
  @inlinable
  public static func / (a: Quantity<Energy>, b: Quantity<TimeSpan>) -> Quantity<Power> {
    Quantity<Power>(si: a.si / b.si)
  }
}
