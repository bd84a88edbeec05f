internal import Cycling
internal import DelimitedText
internal import ForceMicroscopy
internal import IonBeamAnalysis
public import Reading
internal import Recipes
internal import SimulationFiles
internal import XRayAbsorption

/// Every format that Interphase reads, one line each.
///
/// The order does not matter: the content decides (see ``detect(_:)``).
public enum FormatRegistry {
  /// The instrument formats and the fallback for text tables.
  public static let all: [any FileFormat.Type] = [
    AsylumForceCurve.self,
    AsylumARDF.self,
    AFMWorkshopText.self,
    AFMFormatsText.self,
    OpticsText.self,
    NTMDTText.self,
    NanoScopeFile.self,
    NanoScopeText.self,
    NanosurfFile.self,
    IgorWave.self,
    IgorPacked.self,
    JPKForceCurve.self,
    JPKText.self,
    IgorText.self,
    XDIFormat.self,
    AthenaProject.self,
    NeXusXAS.self,
    BLISSFile.self,
    NEXAFSLibrary.self,
    GenericHDF5.self,
    PhotonFactoryText.self,
    SRSText.self,
    SSRLText.self,
    SSRLBinary.self,
    X15BFile.self,
    X10CText.self,
    LytleText.self,
    ColumnPairs.self,
    DispersiveCSV.self,
    SPECFormat.self,
    MDAFormat.self,
    MDAASCIIFormat.self,
    BCSFormat.self,
    FDMNESFormat.self,
    PhoenixText.self,
    CLSText.self,
    P65Text.self,
    NSLSText.self,
    APSLabViewText.self,
    APS12BMText.self,
    EpicsScanText.self,
    NSLS2Text.self,
    LNLSText.self,
    ElettraText.self,
    SLSText.self,
    ScanColumnsText.self,
    SIMNRAFormat.self,
    IDFFormat.self,
    NDFFit.self,
    NDFGeometry.self,
    NDFProfile.self,
    NDFStructure.self,
    NDFList.self,
    RutheldeFormat.self,
    R33Format.self,
    StoppingFormat.self,
    SampleFormat.self,
    OrtecSpectrumText.self,
    OrtecChannelFile.self,
    OrtecRecordFile.self,
    CanberraSpectrumFile.self,
    CanberraCountList.self,
    IECSpectrumText.self,
    N42Document.self,
    AmptekSpectrumText.self,
    FastComTecText.self,
    RUMPFile.self,
    RUMPMacro.self,
    PlainSpectrum.self,
    BioLogicText.self,
    NewareZip.self,
    BioLogicBinary.self,
    ArbinDatabase.self,
    GamryText.self,
    PalmSensText.self,
    MaccorText.self,
    BDFText.self,
    NovonixText.self,
    BasytecText.self,
    PECText.self,
    CyclerText.self,
    ConfigurationFile.self,
    PFHubMeta.self,
    VTKImageFile.self,
    ComsolText.self,
    ArbinText.self,
    ArbinWorkbook.self,
    LandWorkbook.self,
    NewareWorkbook.self,
    GenericWorkbook.self,
    NewareFile.self,
    NewareMemberFile.self,
    NewareText.self,
    NewareNestedText.self,
    LandFile.self,
    LandtText.self,
    IONTOFProfile.self,
    IONTOFSpectrum.self,
    DelimitedTable.self,
  ]

  private static let builtIn = all.map { FormatEntry($0) }

  /// Every format with those that the user adds, which take the place of a built-in one with the same id.
  public static func entries(added: [FormatEntry] = []) -> [FormatEntry] {
    if added.isEmpty { return builtIn }
    let ids = Set(added.map(\.id))
    return builtIn.filter { !ids.contains($0.id) } + added
  }

  /// The format of an id, such as `asylum-ibw`.
  public static func format(id: String) -> (any FileFormat.Type)? { all.first { $0.id == id } }

  /// The id of the format that takes any numeric text that no instrument format claims.
  public static let fallback = "delimited-table"
}
