/// The version of Interphase, written into every result.
public let interphaseVersion = "0.1.0"
